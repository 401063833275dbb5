// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An external relay: an MTA whose operator agreed to forward our mail. Relays come only from configuration or from a
 * {@link org.postroad.spi.RelaySelector} (RELAY-01).
 */
public final class Relay {

    /** How the connection to a relay is protected. */
    public enum Tls {
        /** TLS from the first octet, with a verified certificate (RFC 8314 §3). */
        IMPLICIT,
        /** STARTTLS is required, with a verified certificate. */
        REQUIRED,
        /** STARTTLS if offered; the certificate is not verified. */
        OPPORTUNISTIC,
        /** Plaintext. */
        NEVER;

        /** Returns whether the server is authenticated, so that credentials may be sent. */
        public boolean isVerified() {
            return this == IMPLICIT || this == REQUIRED;
        }
    }

    private static final int MAX_PORT = 65535;
    private static final int SMTP_PORT = 25;
    private static final int SUBMISSIONS_PORT = 465;
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");
    private static final char REPLACEMENT = '\ufffd';

    private final Host host;
    private final int port;
    private final Tls tls;
    private final Optional<CredentialsSource> credentials;
    private final Optional<String> fingerprint;

    private Relay(Host host, int port, Tls tls, Optional<CredentialsSource> credentials, Optional<String> fingerprint) {
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException(
                    "The port " + port + " of relay " + host + " is not between 1 and 65535");
        }
        if (credentials.isPresent() && !tls.isVerified()) {
            throw new IllegalArgumentException(
                    "Relay " + host + " has credentials, which are only ever sent over verified"
                            + " TLS: use smtps:// or starttls=required");
        }
        if (fingerprint.isPresent()) {
            if (!FINGERPRINT.matcher(fingerprint.get()).matches()) {
                throw new IllegalArgumentException("The fingerprint " + Printable.quote(fingerprint.get())
                        + " of relay " + host + " is not 64 hexadecimal digits in lower case, as SHA-256 has them");
            }
            if (!tls.isVerified()) {
                throw new IllegalArgumentException(
                        "Relay " + host
                                + " has a fingerprint, which is compared over verified TLS only: use smtps:// or starttls=required");
            }
        }
        this.host = host;
        this.port = port;
        this.tls = tls;
        this.credentials = credentials;
        this.fingerprint = fingerprint;
    }

    /**
     * Creates a relay without credentials. If TLS is verified, the certificate is verified against the trust store.
     *
     * @param host the name or address; no MX lookup is made for it
     * @param port 1 to 65535
     * @param tls how the connection is protected
     */
    public static Relay of(Host host, int port, Tls tls) {
        return new Relay(host, port, tls, Optional.empty(), Optional.empty());
    }

    /**
     * Returns this relay with credentials for AUTH that never change.
     *
     * @throws IllegalArgumentException if TLS is not verified (RELAY-04)
     */
    public Relay withCredentials(Credentials fixed) {
        return withCredentials(new FixedCredentials(fixed));
    }

    /**
     * Returns this relay with a source that is asked for the credentials before each AUTH.
     *
     * @throws IllegalArgumentException if TLS is not verified (RELAY-04)
     */
    public Relay withCredentials(CredentialsSource source) {
        return new Relay(host, port, tls, Optional.of(source), fingerprint);
    }

    /**
     * Returns this relay with the required SHA-256 fingerprint of its certificate. It replaces the checks of host name and trust
     * store.
     *
     * @param sha256 64 hexadecimal digits in lower case
     * @throws IllegalArgumentException if it is not a fingerprint, or if TLS is not verified
     */
    public Relay withFingerprint(String sha256) {
        return new Relay(host, port, tls, credentials, Optional.of(sha256));
    }

    /**
     * Parses {@code smtp://user:pass@host:587;starttls=required;auth=plain} or {@code smtps://...}.
     *
     * <p>User and password are percent-encoded. The default port is 25, or 465 for {@code smtps}. {@code starttls} is
     * {@code required}, {@code opportunistic} or {@code never}; the default is {@code required} if there are credentials or a
     * fingerprint, else {@code opportunistic}. {@code auth} names a SASL mechanism. {@code fingerprint} is the SHA-256
     * fingerprint of the certificate in hexadecimal, with or without colons.
     *
     * @throws IllegalArgumentException if the URL is invalid; the message names the invalid part and what is allowed, but never
     *     contains the password
     */
    public static Relay parse(String url) {
        return parse(url, Optional.empty());
    }

    /**
     * Parses a URL like {@link #parse(String)}, for a relay that is authenticated with the source if the URL has no user.
     * {@code starttls} is then {@code required} by default. If the URL has {@code starttls=opportunistic} or {@code
     * starttls=never}, the source is not used.
     *
     * @throws IllegalArgumentException if the URL is invalid
     */
    public static Relay parse(String url, CredentialsSource source) {
        return parse(url, Optional.of(source));
    }

    private static Relay parse(String url, Optional<CredentialsSource> source) {
        int schemeEnd = url.indexOf("://");
        String scheme = schemeEnd < 0 ? "" : url.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
        if (!scheme.equals("smtp") && !scheme.equals("smtps")) {
            throw new IllegalArgumentException("The relay URL " + redact(url) + " has "
                    + (schemeEnd < 0 ? "no scheme" : "the unknown scheme " + Printable.quote(scheme))
                    + "; allowed are smtp:// and smtps://");
        }
        String[] parts = url.substring(schemeEnd + 3).split(";", -1);
        int at = parts[0].lastIndexOf('@');
        if (at < url.lastIndexOf('@') - (schemeEnd + 3)) {
            throw new IllegalArgumentException(
                    "The relay URL " + redact(url) + " has a ; before its @; in a password ; is percent-encoded");
        }
        // Before the options: if an unencoded ; split the password, the error message about the port shows neither half
        // of it.
        HostAndPort hostAndPort = parseHostAndPort(parts[0].substring(at + 1), scheme, url);
        Options options = Options.parse(parts, url);
        Optional<CredentialsSource> credentials = at < 0
                ? source
                : Optional.of(new FixedCredentials(parseCredentials(parts[0].substring(0, at), options, url)));
        Tls tls =
                scheme.equals("smtps") ? implicit(options, url) : options.tls.orElse(defaultTls(credentials, options));
        return new Relay(
                hostAndPort.host,
                hostAndPort.port,
                tls,
                credentials.filter(login -> at >= 0 || tls.isVerified()),
                options.fingerprint);
    }

    private static Tls implicit(Options options, String url) {
        if (options.tls.isPresent()) {
            throw new IllegalArgumentException(
                    "The relay URL " + redact(url) + " has starttls=, which goes with smtp:// only, not with smtps://");
        }
        return Tls.IMPLICIT;
    }

    private static Tls defaultTls(Optional<CredentialsSource> credentials, Options options) {
        return credentials.isPresent() || options.fingerprint.isPresent() ? Tls.REQUIRED : Tls.OPPORTUNISTIC;
    }

    private static Credentials parseCredentials(String text, Options options, String url) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "The relay URL " + redact(url) + " has a user but no password; user:password@host is needed");
        }
        try {
            Credentials any = new Credentials(decode(text.substring(0, colon)), decode(text.substring(colon + 1)));
            return options.mechanism.map(any::withMechanism).orElse(any);
        } catch (IllegalArgumentException e) {
            // The cause is dropped because its message quotes the secret.
            throw new IllegalArgumentException("The relay URL " + redact(url)
                    + " has a user or password that is empty or not percent-encoded UTF-8");
        }
    }

    private static String decode(String text) {
        String decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        // The decoder silently replaces invalid UTF-8 with a replacement character.
        if (decoded.indexOf(REPLACEMENT) >= 0
                || !StandardCharsets.UTF_8.newEncoder().canEncode(decoded)) {
            throw new IllegalArgumentException("not UTF-8");
        }
        return decoded;
    }

    private static HostAndPort parseHostAndPort(String text, String scheme, String url) {
        String authority = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        int colon =
                authority.startsWith("[") ? authority.indexOf(':', authority.indexOf(']') + 1) : authority.indexOf(':');
        String host = colon < 0 ? authority : authority.substring(0, colon);
        int port = scheme.equals("smtps") ? SUBMISSIONS_PORT : SMTP_PORT;
        if (colon >= 0) {
            String digits = authority.substring(colon + 1);
            if (!isPort(digits)) {
                // Not quoted: if a comma or blank in a password was not percent-encoded, this text is half of the
                // password.
                throw new IllegalArgumentException("The relay URL " + redact(url)
                        + " has a port that is not a number from 1 to 65535; in a password, comma, blank and ; must be"
                        + " percent-encoded");
            }
            port = Integer.parseInt(digits);
        }
        try {
            return new HostAndPort(Host.parse(host), port);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The relay URL " + redact(url) + ": " + e.getMessage(), e);
        }
    }

    private static boolean isPort(String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= MAX_PORT;
    }

    private record HostAndPort(Host host, int port) {}

    private record Options(Optional<Tls> tls, Optional<String> mechanism, Optional<String> fingerprint) {

        static Options parse(String[] parts, String url) {
            Optional<Tls> tls = Optional.empty();
            Optional<String> mechanism = Optional.empty();
            Optional<String> fingerprint = Optional.empty();
            for (int i = 1; i < parts.length; i++) {
                int equals = parts[i].indexOf('=');
                String name =
                        equals < 0 ? parts[i] : parts[i].substring(0, equals).toLowerCase(Locale.ROOT);
                String value = equals < 0 ? "" : parts[i].substring(equals + 1).toLowerCase(Locale.ROOT);
                switch (name) {
                    case "starttls" -> tls = Optional.of(parseTls(value, url));
                    case "auth" -> mechanism = Optional.of(checkMechanism(value, url));
                    case "fingerprint" -> fingerprint = Optional.of(checkFingerprint(value, url));
                    default ->
                        throw new IllegalArgumentException("The relay URL " + redact(url) + " has the unknown option "
                                + Printable.quote(name) + "; allowed are starttls=, auth= and fingerprint=");
                }
            }
            return new Options(tls, mechanism, fingerprint);
        }

        private static String checkFingerprint(String value, String url) {
            String digits = value.replace(":", "");
            if (!FINGERPRINT.matcher(digits).matches()) {
                throw new IllegalArgumentException(
                        "The relay URL " + redact(url) + " has fingerprint=" + Printable.quote(value)
                                + "; allowed is the SHA-256 hash of the certificate in 64 hexadecimal digits");
            }
            return digits;
        }

        private static String checkMechanism(String value, String url) {
            // RFC 4422 §3.1
            if (!value.matches("[a-z0-9_-]{1,20}")) {
                throw new IllegalArgumentException("The relay URL " + redact(url) + " has auth="
                        + Printable.quote(value) + "; allowed is the name of a SASL mechanism, such as plain");
            }
            return value;
        }

        private static Tls parseTls(String value, String url) {
            return switch (value) {
                case "required" -> Tls.REQUIRED;
                case "opportunistic" -> Tls.OPPORTUNISTIC;
                case "never" -> Tls.NEVER;
                default ->
                    throw new IllegalArgumentException("The relay URL " + redact(url) + " has starttls="
                            + Printable.quote(value) + "; allowed are required, opportunistic and never");
            };
        }
    }

    /** Returns the URL in quotes, without anything that is or may be part of a password. */
    private static String redact(String url) {
        int scheme = url.indexOf("://");
        int start = scheme < 0 ? 0 : scheme + 3;
        int at = url.lastIndexOf('@');
        // Colons inside an IPv6 address do not start a password. If there is an @, the text before it is not an
        // address.
        boolean isAddress = at < 0 && url.startsWith("[", start);
        int colon = url.indexOf(':', isAddress ? Math.max(start, url.indexOf(']')) : start);
        if (at < 0) {
            boolean secret = colon >= 0 && !isPort(url.substring(colon + 1).replaceFirst("/?(;.*)?$", ""));
            return Printable.quote(secret ? url.substring(0, colon) + ":***" : url);
        }
        if (scheme < 0) {
            // This is the end of a URL whose password contains a comma or a blank.
            return Printable.quote("***" + url.substring(at));
        }
        boolean secret = colon >= 0 && colon < at;
        return Printable.quote(secret ? url.substring(0, colon) + ":***" + url.substring(at) : url);
    }

    /** Returns the name or address. */
    public Host host() {
        return host;
    }

    /** Returns the port, 1 to 65535. */
    public int port() {
        return port;
    }

    /** Returns how the connection is protected. */
    public Tls tls() {
        return tls;
    }

    /** Returns the credentials that never change; empty if there are none, or if they come from another source. */
    public Optional<Credentials> credentials() {
        return credentials
                .filter(FixedCredentials.class::isInstance)
                .map(source -> ((FixedCredentials) source).credentials());
    }

    /**
     * Returns the source of the credentials for AUTH; empty if the relay needs none. They are sent only over verified TLS
     * (RELAY-04).
     */
    public Optional<CredentialsSource> credentialsSource() {
        return credentials;
    }

    /** Returns the required SHA-256 fingerprint of the relay's certificate, in lower-case hexadecimal. */
    public Optional<String> fingerprint() {
        return fingerprint;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Relay that
                && host.equals(that.host)
                && port == that.port
                && tls == that.tls
                && credentials.equals(that.credentials)
                && fingerprint.equals(that.fingerprint);
    }

    @Override
    public int hashCode() {
        return Objects.hash(host, port, tls, credentials, fingerprint);
    }

    /** Returns the URL without secrets. */
    @Override
    public String toString() {
        String login = credentials().map(fixed -> fixed + "@").orElse(credentials.isPresent() ? "***@" : "");
        return (tls == Tls.IMPLICIT ? "smtps://" : "smtp://")
                + login
                + host.fold(HostName::text, address -> "[" + address + "]")
                + ":" + port;
    }
}
