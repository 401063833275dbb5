// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Printable;

/**
 * The CAs trusted by this JVM. The trust store is opened when a server first has to be authenticated: other mail does not need it and is
 * sent even if it cannot be opened. A failure is not cached: a repaired trust store counts without a restart, if the JDK reads it again.
 * Thread-safe.
 */
public final class JvmTrust {

    private static final String FILE = "javax.net.ssl.trustStore";
    private static final String CURE =
            "; set " + FILE + " (with its Password and Type) to a file of trusted certificates";

    private final AtomicBoolean logged = new AtomicBoolean();
    private volatile @Nullable X509TrustManager opened;

    /**
     * Returns the trust manager for certificates of mail exchangers.
     *
     * @throws IOException if the trust store cannot be opened or is empty; the message names the cause and the fix
     */
    X509TrustManager manager() throws IOException {
        X509TrustManager known = opened;
        if (known != null) {
            return known;
        }
        X509TrustManager manager = open();
        if (manager.getAcceptedIssuers().length == 0) {
            throw unusable(name() + " is empty", null);
        }
        opened = manager;
        return manager;
    }

    private X509TrustManager open() throws IOException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow(() -> unusable(name() + " does not support X.509 certificates", null));
        } catch (GeneralSecurityException | RuntimeException e) { // security providers throw both
            throw unusable(name() + " cannot be opened: " + innermost(e), e);
        }
    }

    /**
     * Returns the TLS context for relays and web servers: the JVM's default context, which an application may have set.
     *
     * @throws IOException if it cannot be created; the message names the cause and the fix
     */
    public SSLContext context() throws IOException {
        try {
            return SSLContext.getDefault();
        } catch (GeneralSecurityException | RuntimeException e) {
            throw unusable(
                    "the default TLS context of this JVM, which uses " + name() + ", cannot be created: "
                            + innermost(e),
                    e);
        }
    }

    /** Logs the first failure, because mail is sent as if there were no MTA-STS policy if one cannot be fetched for this reason. */
    private IOException unusable(String why, @Nullable Exception cause) {
        if (!logged.getAndSet(true)) {
            System.getLogger(JvmTrust.class.getName())
                    .log(System.Logger.Level.WARNING, "No certificate can be verified: " + why + CURE);
        }
        return new IOException(why + CURE, cause);
    }

    /** Returns the reason of a failed handshake. For an empty trust store, it replaces the JDK's misleading message. */
    public static String reason(Exception failure) {
        Throwable last = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidAlgorithmParameterException) {
                return name() + " is empty" + CURE;
            }
            last = cause;
        }
        String words = Printable.describe(failure);
        return last == failure || last.getMessage() == null || words.contains(Printable.clean(last.getMessage()))
                ? words
                : words + " (" + Printable.describe(last) + ")";
    }

    /** The JDK wraps the actual cause in exceptions with uninformative messages. */
    private static String innermost(Exception failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return Printable.clean(Optional.ofNullable(last.getMessage()).orElse(last.toString()));
    }

    private static String name() {
        String file = System.getProperty(FILE, "");
        return "the trust store of this JVM" + (file.isEmpty() ? "" : " (" + Printable.clean(file) + ")");
    }
}
