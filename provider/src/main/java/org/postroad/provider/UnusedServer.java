// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.URLName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Printable;

/**
 * Finds out whether the application names a server that is not used. Code that was written for a smarthost keeps naming it,
 * although mail does not go through it. Values that frameworks fill in by default (null, an empty text, -1) are not reported.
 */
final class UnusedServer {

    /** Values that containers write if no login is wanted. */
    private static final Set<String> NO = Set.of("", "false", "no", "off", "0");

    private final Properties properties;
    private final int usualPort;
    private final List<String> given = new ArrayList<>();

    private UnusedServer(Properties properties, int usualPort) {
        this.properties = properties;
        this.usualPort = usualPort;
    }

    /**
     * Checks the arguments of {@code connect}, the URL of the transport, and the properties.
     *
     * @param usualPort the port of mail exchangers, which is not reported
     * @return a warning; empty if no server is named
     */
    static Optional<String> warning(
            Properties properties,
            int usualPort,
            @Nullable URLName url,
            @Nullable String host,
            int port,
            @Nullable String user,
            @Nullable String password) {
        UnusedServer server = new UnusedServer(properties, usualPort);
        server.host(host, "connect");
        server.port(String.valueOf(port), "connect");
        server.secret(user, "a user", "connect");
        server.secret(password, "a password", "connect");
        if (url != null) {
            server.host(url.getHost(), "the URLName");
            server.port(String.valueOf(url.getPort()), "the URLName");
            server.secret(url.getUsername(), "a user", "the URLName");
            server.secret(url.getPassword(), "a password", "the URLName");
        }
        server.host(server.property("host"), "mail.mx.host");
        server.port(server.property("port"), "mail.mx.port");
        server.secret(server.property("user"), "a user", "mail.mx.user");
        server.secret(server.property("password"), "a password", "mail.mx.password");
        if (!NO.contains(server.property("auth"))) {
            server.given.add("a login (mail.mx.auth)");
        }
        return server.given.isEmpty() ? Optional.empty() : Optional.of(server.message());
    }

    private String property(String name) {
        Object own = properties.get("mail.mx." + name);
        return Optional.ofNullable(own == null ? properties.getProperty("mail.mx." + name) : own)
                .map(String::valueOf)
                .orElse("")
                .strip();
    }

    private void host(@Nullable String host, String where) {
        if (host != null && !host.isBlank()) {
            given.add("the host " + Printable.quote(host) + " (" + where + ")");
        }
    }

    private void port(String port, String where) {
        boolean isDefault = port.isEmpty() || port.startsWith("-") || port.equals("0");
        if (!isDefault && !port.equals(String.valueOf(usualPort))) {
            given.add("the port " + Printable.clean(port) + " (" + where + ")");
        }
    }

    /** Reports that a secret was given, without its value. */
    private void secret(@Nullable String value, String what, String where) {
        if (value != null && !value.isBlank()) {
            given.add(what + " (" + where + ")");
        }
    }

    private String message() {
        return "The Session names a server that is not used: " + String.join(", ", given)
                + ". Mail goes straight to the mail exchangers of its recipients, without a login. To use a server of your own when"
                + " direct delivery is not possible, set mail.mx.relay, such as smtp://user:password@relay.example.org:587, and"
                + " mail.mx.relay.fallback=true; for single domains set mail.mx.routes; mail.mx.remoteport is the port of mail"
                + " exchangers";
    }
}
