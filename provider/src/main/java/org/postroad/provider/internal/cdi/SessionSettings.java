// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.cdi;

import java.util.HashSet;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.engine.PluginDiscovery;

/** The settings of the Session of a CDI application. */
final class SessionSettings {

    /** The protocol of {@code Session.getTransport()}. */
    static final String PROTOCOL = "mail.transport.protocol";

    /** The protocol of {@code Transport.send}. */
    static final String PROTOCOL_OF_SENDS = "mail.transport.protocol.rfc822";

    /** Names outside {@code mail.mx.} that matter to every Session. */
    private static final Set<String> OF_JAKARTA_MAIL = Set.of(PROTOCOL, PROTOCOL_OF_SENDS, "mail.from", "mail.debug");

    private static final String DIRECT = "mx";
    private static final String PREFIX = "mail.";
    private static final boolean MICROPROFILE_IS_VISIBLE =
            PluginDiscovery.isVisible("org.eclipse.microprofile.config.ConfigProvider");

    private SessionSettings() {}

    /**
     * Returns the properties of MicroProfile Config that begin with {@code mail.}, or of the system where there is none, and over them
     * those of the application. If a protocol is not set, it is the other one, or {@code mx}.
     *
     * @param ofApplication texts and objects
     */
    static Properties with(Properties ofApplication) {
        Properties settings = configured().orElseGet(SessionSettings::ofSystem);
        ofApplication.stringPropertyNames().forEach(name -> settings.setProperty(name, ofApplication.getProperty(name)));
        settings.putAll(ofApplication);
        settings.putIfAbsent(PROTOCOL_OF_SENDS, settings.getProperty(PROTOCOL, DIRECT));
        settings.putIfAbsent(PROTOCOL, settings.getProperty(PROTOCOL_OF_SENDS));
        return settings;
    }

    private static Optional<Properties> configured() {
        if (!MICROPROFILE_IS_VISIBLE) {
            return Optional.empty();
        }
        Set<String> known = new HashSet<>(Settings.names());
        known.addAll(OF_JAKARTA_MAIL);
        return MicroProfileSettings.read(known, SessionSettings::isOfMail);
    }

    private static boolean isOfMail(String name) {
        return name.startsWith(PREFIX);
    }

    private static Properties ofSystem() {
        Properties settings = new Properties();
        Properties system = System.getProperties();
        system.stringPropertyNames().stream()
                .filter(SessionSettings::isOfMail)
                .forEach(name -> settings.setProperty(name, system.getProperty(name)));
        return settings;
    }
}
