// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.util.Collections;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import org.postroad.api.Printable;

/** The names of all settings: which exist, which name objects, and which are read for each send. */
final class PropertyNames {

    /** All names that are read, without prefix. */
    static final Set<String> NAMES = union(
            QueueReader.NAMES,
            "localhost",
            "from",
            "localnames",
            "ownaddresses",
            "relay",
            "relay.ipv4",
            "relay.ipv6",
            "relay.attempts",
            "relay.fallback",
            "relay.credentials",
            "relayselector",
            "families",
            "addressorder",
            "localaddress.ipv4",
            "localaddress.ipv6",
            "connectiontimeout",
            "attemptdelay",
            "timeout",
            "finaltimeout",
            "writetimeout",
            "deadline",
            "starttls.enable",
            "starttls.required",
            "tls.fallback",
            "dane.enable",
            "mtasts.enable",
            "mtasts.directory",
            "requiretls",
            "tlsrpt.contact",
            "tlsrpt.organization",
            "dns.servers",
            "dns.timeout",
            "dns.resolver",
            "dns.trustad",
            "dns.probe",
            "dns.validate",
            "dns.trustanchors",
            "dns.a6",
            "remoteport",
            "addresses.allow",
            "nat64.prefix",
            "connector",
            "listener",
            "log.addresses",
            "sendpartial",
            "executor",
            "reportsuccess",
            "dsn.notify",
            "dsn.ret",
            "dsn.envid",
            "maxrecipients",
            "pipelining.enable",
            "chunking.enable",
            "maxconnections",
            "maxconnectionsperhost",
            "maxmessagesperconnection",
            "idletimeout",
            "routes",
            "socks.host",
            "socks.port",
            "ssl.protocols",
            "ssl.ciphersuites",
            "ssl.groups",
            "maxmx",
            "maxaddresses");

    /** Names whose values may be objects of an application, or refer to one. Such objects are left out of fingerprints. */
    static final Set<String> OBJECTS = Set.of(
            "dns.resolver",
            "connector",
            "relayselector",
            "relay.credentials",
            "addressorder",
            "listener",
            "executor",
            "queue.datasource",
            "queue.transactions");

    /** Names that are read for each send into a queue, or that are equal for all users of one queue. */
    static final Set<String> PER_SEND = Set.of(
            "from",
            "sendpartial",
            "reportsuccess",
            "requiretls",
            "dsn.notify",
            "dsn.ret",
            "dsn.envid",
            "executor",
            "queue.firstattempt",
            "queue.url",
            "queue.datasource");

    /** Names under our prefix that containers and frameworks set. They are ignored. */
    private static final Set<String> IGNORED = Set.of("host", "port", "user", "auth", "debug", "class", "password");

    private PropertyNames() {}

    /**
     * Warns of names that are not known.
     *
     * @throws SettingsException if a known property has an object among the defaults of the properties
     */
    static void check(Properties properties) {
        for (String property : PropertyReader.names(properties)) {
            String name = withoutPrefix(property);
            boolean known = NAMES.contains(name);
            if (!known && !name.isEmpty() && !IGNORED.contains(name)) {
                PropertyReader.warn("The property " + Printable.clean(property)
                        + " is not known; the nearest known one is " + PropertyReader.PREFIX
                        + Nearest.to(name, NAMES));
            }
            if (known && PropertyReader.value(properties, property).isEmpty()) {
                throw new SettingsException("The property " + property
                        + " has an object in the defaults of the Properties, where it cannot be read; put it into the Properties"
                        + " themselves");
            }
        }
    }

    static String withoutPrefix(String property) {
        return property.substring(PropertyReader.PREFIX.length());
    }

    private static Set<String> union(Set<String> some, String... others) {
        Set<String> all = new HashSet<>(some);
        Collections.addAll(all, others);
        return Set.copyOf(all);
    }
}
