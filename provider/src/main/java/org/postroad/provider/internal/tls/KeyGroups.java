// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Key exchange groups (RFC 8446 §4.2.7) as far as the JVM supports them. JDK 20 and newer can set them per connection, and newer JDKs also
 * report the negotiated group. JDK 17 can do neither and has classical groups only. Therefore the methods are called by reflection.
 *
 * <p>Hybrid groups, such as X25519MLKEM768, have key shares of more than a kilobyte. The ClientHello then does not fit into one TCP
 * segment, and some middleboxes and servers drop it.
 */
final class KeyGroups {

    private static final Optional<Method> GET = method(SSLParameters.class, "getNamedGroups");
    private static final Optional<Method> SET = method(SSLParameters.class, "setNamedGroups", String[].class);

    private KeyGroups() {}

    private static Optional<Method> method(Class<?> type, String name, Class<?>... parameters) {
        try {
            return Optional.of(type.getMethod(name, parameters));
        } catch (NoSuchMethodException olderJdk) {
            return Optional.empty();
        }
    }

    /** Returns whether this JVM can set groups. */
    static boolean canBeChosen() {
        return SET.isPresent();
    }

    /** Returns the groups of these parameters, preferred first; empty if the JVM or its provider does not report them. */
    static List<String> of(SSLParameters parameters) {
        String @Nullable [] groups =
                GET.map(get -> (String @Nullable []) call(get, parameters)).orElse(null);
        return groups == null ? List.of() : List.copyOf(Arrays.asList(groups));
    }

    /** @throws IllegalStateException unless groups {@link #canBeChosen} */
    static void set(SSLParameters parameters, List<String> groups) {
        call(SET.orElseThrow(IllegalStateException::new), parameters, (Object) groups.toArray(String[]::new));
    }

    /** Returns the groups with small key shares, in the same order. */
    static List<String> classical(List<String> groups) {
        return groups.stream().filter(group -> !isHybrid(group)).toList();
    }

    /** Returns whether the name of the group contains that of a key encapsulation mechanism, as hybrid and post-quantum groups have it. */
    private static boolean isHybrid(String group) {
        String name = group.toLowerCase(Locale.ROOT);
        return name.contains("kem") || name.contains("kyber");
    }

    /** Returns whether a ClientHello with these groups may be too large for some peers and a smaller one is possible. */
    static boolean haveSmallerChoice(List<String> groups) {
        int classical = classical(groups).size();
        return canBeChosen() && classical > 0 && classical < groups.size();
    }

    /** Returns the negotiated group, if this JVM reports it. */
    static Optional<String> negotiated(SSLSession session) {
        return negotiated(session, ExtendedSSLSession.class);
    }

    /** @param api the session type of JVMs that report the group */
    static Optional<String> negotiated(Object session, Class<?> api) {
        if (!api.isInstance(session)) {
            return Optional.empty();
        }
        try {
            return method(api, "getNegotiatedNamedGroup").map(get -> (String) call(get, session));
        } catch (UnsupportedOperationException notByThisProvider) {
            return Optional.empty();
        }
    }

    private static @Nullable Object call(Method method, Object object, Object... arguments) {
        try {
            return method.invoke(object, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException(e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
