// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Printable;

/**
 * A library is missing or has an incompatible version: this JVM cannot send until its class path is fixed. The fault is not the message's
 * or the destination's, so it never becomes a delivery result that a queue retries until the message expires.
 */
public final class BrokenClassPathException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** RFC 3463 §3.4: system incorrectly configured; a retry without a change is useless. */
    public static final EnhancedStatus STATUS = EnhancedStatus.SYSTEM_MISCONFIGURED_5_3_5;

    /** Limit on the number of causes examined, because the chain can be circular. */
    private static final int MAX_DEPTH = 20;

    /**
     * Artifact to add, by package prefix. The first match wins. A message can name both the missing class and the class that needs it, so
     * dependencies and more specific prefixes come first.
     */
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

    public static BrokenClassPathException of(LinkageError cause) {
        return new BrokenClassPathException(cause);
    }

    /** Returns the class path error that caused a failure; empty if the failure has another cause. */
    public static Optional<BrokenClassPathException> causeOf(Throwable failure) {
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
                .orElse("fix the class path of the application");
        return "The class path of this JVM is not complete, or has libraries of versions that do not fit: "
                + Printable.clean(String.valueOf(last(error))) + "; " + cure;
    }

    /** Returns the messages of all causes with dots in class names; some JVM messages use slashes. */
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

    /** Returns the last cause. It names the missing class; the causes before it name the classes that need it. */
    private static Throwable last(LinkageError error) {
        Throwable last = error;
        for (int depth = 0; last.getCause() != null && depth < MAX_DEPTH; depth++) {
            last = last.getCause();
        }
        return last;
    }
}
