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
 * Groups for the key exchange (RFC 8446 §4.2.7), and what a JVM knows of them: JDK 20 and newer let them be chosen for each connection, and
 * newer ones still tell which one was agreed on. JDK 17 does neither, and has classical groups only. So the methods are looked up at run
 * time.
 *
 * <p>Hybrid groups, such as X25519MLKEM768, have key shares of more than a kilobyte. The ClientHello then does not fit into one TCP segment,
 * and some middleboxes and servers drop it.
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

    /** Whether groups can be chosen here. */
    static boolean canBeChosen() {
        return SET.isPresent();
    }

    /** Those of these parameters, the preferred first; empty: the JVM or its provider does not tell. */
    static List<String> of(SSLParameters parameters) {
        String @Nullable [] groups =
                GET.map(get -> (String @Nullable []) call(get, parameters)).orElse(null);
        return groups == null ? List.of() : List.copyOf(Arrays.asList(groups));
    }

    /** @throws IllegalStateException unless groups {@link #canBeChosen} */
    static void set(SSLParameters parameters, List<String> groups) {
        call(SET.orElseThrow(IllegalStateException::new), parameters, (Object) groups.toArray(String[]::new));
    }

    /** Those whose key shares are small, in the same order. */
    static List<String> classical(List<String> groups) {
        return groups.stream().filter(group -> !isHybrid(group)).toList();
    }

    /** The names of hybrid and of post-quantum groups tell of a key encapsulation mechanism. */
    private static boolean isHybrid(String group) {
        String name = group.toLowerCase(Locale.ROOT);
        return name.contains("kem") || name.contains("kyber");
    }

    /** Whether a ClientHello with these may be too large for somebody, and there is a smaller one. */
    static boolean haveSmallerChoice(List<String> groups) {
        int classical = classical(groups).size();
        return canBeChosen() && classical > 0 && classical < groups.size();
    }

    /** The one that was agreed on, where this JVM tells. */
    static Optional<String> negotiated(SSLSession session) {
        return negotiated(session, ExtendedSSLSession.class);
    }

    /** @param api that a session has where a JVM tells */
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
