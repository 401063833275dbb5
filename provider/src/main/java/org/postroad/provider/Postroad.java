// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.NoSuchProviderException;
import jakarta.mail.Session;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.engine.Engine;

/** Installs the transport where discovery does not find it, and ends what it keeps between sends. Thread-safe. */
public final class Postroad {

    private static final ConcurrentHashMap<Map<String, Object>, Engine> ENGINES = new ConcurrentHashMap<>();

    private Postroad() {}

    /**
     * Makes the Session send internet mail through {@code mx}, whatever the class loaders and properties are.
     *
     * @throws NoSuchProviderException if the Session refuses the provider
     */
    public static void install(Session session) throws NoSuchProviderException {
        session.setProvider(new MxProvider());
        session.setProtocolForAddress("rfc822", MxProvider.PROTOCOL);
    }

    /** Ends all deliveries and forgets everything that was kept: DNS answers, settings, threads. Sending later starts anew. */
    public static void close() {
        ENGINES.keySet().forEach(key -> {
            Engine engine = ENGINES.remove(key);
            if (engine != null) {
                engine.close();
            }
        });
    }

    /** The engine of all Sessions with these settings. */
    static Engine engine(Properties properties) {
        return ENGINES.computeIfAbsent(Settings.fingerprint(properties), key -> new Engine(Settings.read(properties)));
    }
}
