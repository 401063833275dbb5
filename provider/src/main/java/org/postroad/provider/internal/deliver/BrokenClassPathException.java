// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Printable;

/**
 * A library is missing, or of a version that does not fit: this JVM cannot send until its class path is put right. It says nothing
 * of the message or the destination, so it never becomes a verdict that a queue retries until it gives up.
 */
public final class BrokenClassPathException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** RFC 3463 §3.4: system incorrectly configured; not to be tried again as it is. */
    public static final EnhancedStatus STATUS = new EnhancedStatus(5, 3, 5);

    /** Causes that are looked at; there may be a circle of them. */
    private static final int MAX_DEPTH = 20;

    /** What to add for a package, in the order in which they are looked for: what a library needs may show in its own name, too. */
    private static final Map<String, String> LIBRARIES = new LinkedHashMap<>();

    static {
        LIBRARIES.put("org.slf4j.", "org.slf4j:slf4j-api");
        LIBRARIES.put("org.xbill.", "dnsjava:dnsjava");
        LIBRARIES.put("com.github.kagkarlsson.", "com.github.kagkarlsson:db-scheduler");
        LIBRARIES.put("org.sqlite.", "org.xerial:sqlite-jdbc");
        LIBRARIES.put("com.ongres.scram.", "com.ongres.scram:scram-client");
        LIBRARIES.put("com.ongres.", "com.ongres.stringprep:saslprep");
        LIBRARIES.put("jakarta.json.", "org.eclipse.parsson:parsson");
        LIBRARIES.put("org.eclipse.parsson.", "org.eclipse.parsson:parsson");
        LIBRARIES.put("com.ibm.icu.", "com.ibm.icu:icu4j");
        LIBRARIES.put("jakarta.activation.", "jakarta.activation:jakarta.activation-api");
        LIBRARIES.put("org.eclipse.angus.activation.", "org.eclipse.angus:angus-activation");
        LIBRARIES.put("org.eclipse.angus.", "org.eclipse.angus:angus-mail");
        LIBRARIES.put("jakarta.mail.", "jakarta.mail:jakarta.mail-api");
        LIBRARIES.put("jakarta.enterprise.", "jakarta.enterprise:jakarta.enterprise.cdi-api");
        LIBRARIES.put("jakarta.inject.", "jakarta.inject:jakarta.inject-api");
        LIBRARIES.put("jakarta.transaction.", "jakarta.transaction:jakarta.transaction-api");
        LIBRARIES.put("org.postroad.", "the jars of Postroad, all of one version");
    }

    private BrokenClassPathException(LinkageError cause) {
        super(describe(cause), cause);
    }

    /** What an error of the class path says. */
    public static BrokenClassPathException of(LinkageError cause) {
        return new BrokenClassPathException(cause);
    }

    /** The broken class path that is behind a failure; empty: it has another reason. */
    public static Optional<BrokenClassPathException> behind(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            if (cause instanceof BrokenClassPathException known) {
                return Optional.of(known);
            }
            if (cause instanceof LinkageError error) {
                return Optional.of(of(error));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static String describe(LinkageError error) {
        String words = words(error);
        String cure = LIBRARIES.entrySet().stream()
                .filter(library -> words.contains(library.getKey()))
                .findFirst()
                .map(library -> isMissing(error)
                        ? "add " + library.getValue()
                        : "use the version of " + library.getValue() + " that Postroad was built with, or a later one")
                .orElse("put the class path of the application right");
        return "The class path of this JVM is not complete, or has libraries of versions that do not fit: "
                + Printable.clean(String.valueOf(last(error))) + "; " + cure;
    }

    /** Class names are written with dots in some messages, with slashes in others. */
    private static String words(LinkageError error) {
        StringBuilder words = new StringBuilder();
        Throwable cause = error;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            words.append(cause).append('\n');
            cause = cause.getCause();
        }
        return words.toString().replace('/', '.');
    }

    private static boolean isMissing(LinkageError error) {
        Throwable last = last(error);
        return last instanceof NoClassDefFoundError
                || last instanceof ClassNotFoundException
                || String.valueOf(last.getMessage()).contains("NoClassDefFoundError");
    }

    /** The last cause says which class it is; those before it say which other one could not do without. */
    private static Throwable last(LinkageError error) {
        Throwable last = error;
        for (int depth = 0; last.getCause() != null && depth < MAX_DEPTH; depth++) {
            last = last.getCause();
        }
        return last;
    }
}
