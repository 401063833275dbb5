// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postroad.api.CredentialsSource;
import org.postroad.api.Family;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Printable;
import org.postroad.provider.internal.connect.AddressOrders;
import org.postroad.provider.internal.connect.CheckedOrder;
import org.postroad.provider.internal.connect.Cidr;
import org.postroad.provider.internal.connect.ConnectSettings;
import org.postroad.provider.internal.connect.FamiliesSetting;
import org.postroad.provider.internal.connect.LocalAddresses;
import org.postroad.provider.internal.connect.Nat64Prefix;
import org.postroad.provider.internal.connect.OwnAddresses;
import org.postroad.provider.internal.connect.SocksProxy;
import org.postroad.provider.internal.deliver.PoolLimits;
import org.postroad.provider.internal.dns.DnsSettings;
import org.postroad.provider.internal.dns.Idna;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.envelope.Notify;
import org.postroad.provider.internal.envelope.Returned;
import org.postroad.provider.internal.log.DeliveryLog;
import org.postroad.provider.internal.route.Routes;
import org.postroad.provider.internal.route.RoutingSettings;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.sts.PolicyDirectory;
import org.postroad.provider.internal.tls.StartTls;
import org.postroad.provider.internal.tls.TlsSettings;
import org.postroad.provider.internal.tlsrpt.ReportingOrganization;
import org.postroad.spi.AddressOrder;
import org.postroad.spi.Connector;
import org.postroad.spi.DeliveryListener;
import org.postroad.spi.MailDns;
import org.postroad.spi.RelaySelector;

/**
 * All settings of a Session, in the types of the packages that use them. Plug-ins, the executor and the queue are read separately.
 *
 * @param identity names and addresses of this host
 * @param dns settings of DNS lookups
 * @param connect settings of connections
 * @param routing settings of routing
 * @param routes the configured next hops
 * @param smtp settings of SMTP dialogues
 * @param delivery limits on a delivery
 * @param connections limits on connections, and how long idle ones are kept
 * @param handshakes what is offered in TLS handshakes
 * @param tls how connections to mail exchangers are protected
 * @param reporter the sender of TLS reports; empty: results are not counted
 * @param sending settings of the envelope and of the result
 * @param relays the configured relays, by the family of the destinations that they serve
 */
public record Settings(
        Identity identity,
        DnsSettings dns,
        ConnectSettings connect,
        RoutingSettings routing,
        Routes routes,
        SmtpSettings.Configured smtp,
        Delivery delivery,
        PoolLimits connections,
        TlsSettings handshakes,
        Tls tls,
        Optional<ReportingOrganization> reporter,
        Sending sending,
        Map<Family, List<RelayUrl>> relays) {

    /** Names and addresses of this host: {@code localhost}, {@code from}, {@code localnames}, {@code ownaddresses}. */
    public record Identity(
            Optional<HostName> localHost,
            Optional<String> from,
            Set<HostName> localNames,
            OwnAddresses.Setting ownAddresses) {}

    /**
     * Limits on a delivery: {@code deadline}, {@code maxrecipients}.
     *
     * @param maxRecipients in one transaction
     */
    public record Delivery(Duration deadline, int maxRecipients) {}

    /**
     * How connections to mail exchangers are protected: {@code starttls.*}, {@code tls.fallback}, {@code dane.enable},
     * {@code mtasts.*}.
     */
    public record Tls(
            StartTls startTls, boolean fallback, boolean dane, boolean mtaSts, Optional<Path> policyDirectory) {}

    /**
     * Settings of the envelope and of the result: {@code sendpartial}, {@code reportsuccess}, {@code log.addresses}, {@code dsn.*},
     * {@code requiretls}.
     */
    public record Sending(
            boolean partial,
            boolean reportSuccess,
            DeliveryLog log,
            Set<Notify> notifyOn,
            Optional<Returned> returned,
            Optional<String> envelopeId,
            boolean requireTls) {}

    /**
     * Implementations given by the application: {@code dns.resolver}, {@code connector}, {@code relayselector}, {@code addressorder},
     * {@code listener}, {@code relay.credentials}. They belong to one send. An engine never holds them, so that it does not keep an
     * application alive.
     */
    public record Plugins(
            Optional<MailDns> dns,
            Optional<Connector> connector,
            Optional<RelaySelector> relaySelector,
            Optional<AddressOrder> addressOrder,
            Optional<DeliveryListener> listener,
            Optional<CredentialsSource> relayCredentials) {}

    private static final Duration DEADLINE = Duration.ofMinutes(15);

    /** The null reverse-path, for mail without a return address (RFC 5321 §4.5.5). */
    public static final String NULL_SENDER = "<>";

    private static final String REVERSE_PATHS = "an address such as bounces@example.org, or <> for the null sender";

    /**
     * Reads the properties of a Session.
     *
     * @throws SettingsException naming the property, its value, and what is allowed
     */
    public static Settings read(Properties properties) {
        PropertyNames.check(properties);
        PropertyReader in = new PropertyReader(properties);
        return new Settings(
                identity(in),
                DnsReader.read(in),
                connect(in),
                routing(in),
                routes(in),
                smtp(in),
                delivery(in),
                connections(in),
                handshakes(in),
                tls(in),
                ReporterReader.read(in),
                sending(in),
                relays(in));
    }

    /** Returns the unparsed properties as a key: Sessions with equal fingerprints have equal settings and share an engine. */
    public static Map<String, Object> fingerprint(Properties properties) {
        Map<String, Object> fingerprint = new HashMap<>();
        for (String property : PropertyReader.names(properties)) {
            Optional<Object> value = PropertyReader.value(properties, property);
            boolean isPlugin = PropertyNames.OBJECTS.contains(PropertyNames.withoutPrefix(property))
                    && value.filter(given -> !(given instanceof String)).isPresent();
            if (!isPlugin) {
                fingerprint.put(property, value.map(Settings::comparable).orElse("an object among the defaults"));
            }
        }
        return Collections.unmodifiableMap(fingerprint);
    }

    /**
     * Returns the unparsed properties that a queue takes from the Session that opens it. Properties that are read for each send, and those
     * with the location of the queue, are left out.
     */
    public static Map<String, Object> ofQueue(Properties properties) {
        Map<String, Object> settings = new HashMap<>(fingerprint(properties));
        for (String name : PropertyNames.OBJECTS) {
            PropertyReader.value(properties, PropertyReader.PREFIX + name)
                    .ifPresent(object -> settings.put(PropertyReader.PREFIX + name, identity(object)));
        }
        settings.keySet().removeIf(property -> {
            String name = PropertyNames.withoutPrefix(property);
            return PropertyNames.PER_SEND.contains(name) || !PropertyNames.NAMES.contains(name);
        });
        return Collections.unmodifiableMap(settings);
    }

    /** Identifies an object without holding it. */
    private static String identity(Object object) {
        return object instanceof String text
                ? text
                : ObjectText.describe(object) + "@" + Integer.toHexString(System.identityHashCode(object));
    }

    /** Returns a value for comparison that holds no object of an application. */
    private static Object comparable(Object value) {
        if (value instanceof Number || value instanceof Boolean) {
            return value;
        }
        return ObjectText.parts(value)
                .<Object>map(parts -> parts.stream().map(Settings::text).toList())
                .orElseGet(() -> text(value));
    }

    private static String text(@Nullable Object value) {
        return value == null
                ? "null"
                : ObjectText.ofText(value)
                        .or(() -> ObjectText.ofDuration(value))
                        .orElseGet(() -> ObjectText.describe(value));
    }

    private static Identity identity(PropertyReader in) {
        Optional<HostName> localHost = in.value("localhost", HelloName.ALLOWED, Settings::ownName);
        Set<HostName> names = new HashSet<>(in.list("localnames", "host names", Idna::toHostName));
        localHost.ifPresent(names::add);
        return new Identity(
                localHost,
                in.value("from", REVERSE_PATHS, Settings::reversePath),
                Set.copyOf(names),
                in.value("ownaddresses", OwnAddresses.Setting.ALLOWED, OwnAddresses.Setting::parse)
                        .orElse(OwnAddresses.Setting.AUTO));
    }

    private static HostName ownName(String text) {
        HostName name = HelloName.parse(text);
        HelloName.doubt(text, name)
                .ifPresent(
                        why -> PropertyReader.warn("The property " + PropertyReader.PREFIX + "localhost has the value "
                                + Printable.quote(text) + ", which servers may refuse in EHLO: " + why + "; right is "
                                + HelloName.ALLOWED));
        return name;
    }

    private static String reversePath(String text) {
        return text.equals(NULL_SENDER) ? text : Idna.toMailbox(text).toString();
    }

    private static ConnectSettings connect(PropertyReader in) {
        return new ConnectSettings(
                in.value("families", "auto, ipv4, ipv6 or both", FamiliesSetting::parse)
                        .orElse(FamiliesSetting.AUTO),
                new LocalAddresses(
                        localAddress(in, "localaddress.ipv4", Family.IPV4),
                        localAddress(in, "localaddress.ipv6", Family.IPV6)),
                in.timeOut(
                        "connectiontimeout",
                        ConnectSettings.DEFAULT_CONNECT_TIMEOUT,
                        ConnectSettings.MAX_CONNECT_TIMEOUT),
                in.durationOrOff(
                        "attemptdelay",
                        ConnectSettings.DEFAULT_ATTEMPT_DELAY,
                        ConnectSettings.MIN_ATTEMPT_DELAY,
                        ConnectSettings.MAX_ATTEMPT_DELAY),
                in.list("addresses.allow", "networks such as 127.0.0.0/8 or ::1/128", Cidr::parse),
                in.value("nat64.prefix", "an IPv6 prefix such as 64:ff9b::/96", Nat64Prefix::parse),
                socks(in));
    }

    private static Optional<IpAddress> localAddress(PropertyReader in, String name, Family family) {
        return in.value(name, "an IP address of that family", text -> {
            IpAddress address = IpAddress.parse(text);
            if (address.family() != family) {
                throw new IllegalArgumentException("it is an address of " + address.family());
            }
            return address;
        });
    }

    private static Optional<SocksProxy> socks(PropertyReader in) {
        int port = in.number("socks.port", SocksProxy.DEFAULT_PORT, 1, 65535);
        return in.value("socks.host", "a host name or an IP address", Host::parse)
                .map(host -> new SocksProxy(host, port));
    }

    private static RoutingSettings routing(PropertyReader in) {
        return new RoutingSettings(
                new CheckedOrder(builtInOrder(in)),
                in.flag("dns.a6", false),
                new RoutingSettings.LookupLimits(
                        in.number("maxmx", 20, 1, 1000), in.number("maxaddresses", 10, 2, 1000)),
                new RoutingSettings.RelayUse(in.number("relay.attempts", 1, 1, 100), in.flag("relay.fallback", false)));
    }

    private static Routes routes(PropertyReader in) {
        int port = in.number("remoteport", 25, 1, 65535);
        return in.compound("routes", RouteReader.ALLOWED, ";", new RouteReader(port)::read)
                .orElse(new Routes(Map.of(), port));
    }

    private static SmtpSettings.Configured smtp(PropertyReader in) {
        SmtpSettings.Configured standard = SmtpSettings.Configured.DEFAULTS;
        return new SmtpSettings.Configured(
                in.timeOut("timeout", standard.replyTimeout()),
                in.timeOut("finaltimeout", standard.finalReplyTimeout()),
                in.timeOut("writetimeout", standard.writeTimeout()),
                in.flag("pipelining.enable", standard.pipelining()),
                in.flag("chunking.enable", standard.chunking()));
    }

    private static Delivery delivery(PropertyReader in) {
        return new Delivery(in.timeOut("deadline", DEADLINE), in.number("maxrecipients", 100, 1, 10_000));
    }

    private static PoolLimits connections(PropertyReader in) {
        PoolLimits standard = PoolLimits.DEFAULTS;
        return new PoolLimits(
                in.number("maxconnections", standard.inAll(), 1, 100_000),
                in.number("maxconnectionsperhost", standard.perHost(), 1, 10_000),
                in.number("maxmessagesperconnection", standard.transactions(), 1, 1_000_000),
                in.durationOrZero("idletimeout", standard.idle()));
    }

    private static TlsSettings handshakes(PropertyReader in) {
        List<String> protocols = in.list("ssl.protocols", "TLS protocols of this JVM", TlsSettings::protocol);
        List<String> suites = in.list("ssl.ciphersuites", "cipher suites of this JVM", TlsSettings::cipherSuite);
        List<String> groups = in.list("ssl.groups", "key exchange groups of this JVM", TlsSettings::group);
        return new TlsSettings(protocols.isEmpty() ? TlsSettings.DEFAULT_PROTOCOLS : protocols, suites, groups);
    }

    private static Tls tls(PropertyReader in) {
        StartTls startTls = in.flag("starttls.required", false)
                ? StartTls.REQUIRED
                : in.flag("starttls.enable", true) ? StartTls.OPPORTUNISTIC : StartTls.DISABLED;
        return new Tls(
                startTls,
                in.flag("tls.fallback", true),
                in.flag("dane.enable", true),
                in.flag("mtasts.enable", true),
                in.value("mtasts.directory", PolicyDirectory.ALLOWED, PolicyDirectory::named));
    }

    private static Sending sending(PropertyReader in) {
        return new Sending(
                in.flag("sendpartial", true),
                in.flag("reportsuccess", false),
                deliveryLog(in),
                in.compound("dsn.notify", "NEVER, or some of SUCCESS,FAILURE,DELAY", ",", Notify::parse)
                        .orElse(Set.of()),
                in.word("dsn.ret", "FULL or HDRS", Returned.class),
                in.value(
                        "dsn.envid", "1 to " + Envelope.MAX_ID + " characters of printable ASCII", Envelope::checkedId),
                in.flag("requiretls", false));
    }

    private static Map<Family, List<RelayUrl>> relays(PropertyReader in) {
        String allowed = "URLs such as smtp://user:pass@host:587;starttls=required";
        List<RelayUrl> both = in.list("relay", allowed, RelayUrl::parse);
        Map<Family, List<RelayUrl>> relays = new HashMap<>();
        for (Family family : Family.values()) {
            List<RelayUrl> own =
                    in.list("relay." + family.toString().toLowerCase(Locale.ROOT), allowed, RelayUrl::parse);
            relays.put(family, own.isEmpty() ? both : own);
        }
        return Map.copyOf(relays);
    }

    /**
     * Reads the implementations that the properties name, as objects or class names.
     *
     * @throws SettingsException naming the property, its value, and what is allowed
     */
    public static Plugins plugins(Properties properties) {
        PropertyReader in = new PropertyReader(properties);
        return new Plugins(
                in.object("dns.resolver", MailDns.class),
                in.object("connector", Connector.class),
                in.object("relayselector", RelaySelector.class),
                in.textUnlessObject("addressorder")
                                .filter(name -> !isClassName(name))
                                .isPresent()
                        ? Optional.empty()
                        : in.object("addressorder", AddressOrder.class),
                listener(properties),
                relayCredentials(properties));
    }

    /**
     * Reads the listener that the properties name, as an object or a class name.
     *
     * @throws SettingsException naming the property, its value, and what is allowed
     */
    public static Optional<DeliveryListener> listener(Properties properties) {
        return new PropertyReader(properties).object("listener", DeliveryListener.class);
    }

    /**
     * Reads what the log of deliveries contains.
     *
     * @throws SettingsException naming the property, its value, and what is allowed
     */
    public static DeliveryLog deliveryLog(Properties properties) {
        return deliveryLog(new PropertyReader(properties));
    }

    private static DeliveryLog deliveryLog(PropertyReader in) {
        return new DeliveryLog(in.flag("log.addresses", false));
    }

    /**
     * Reads the source of credentials that the properties name, as an object or a class name.
     *
     * @throws SettingsException naming the property, its value, and what is allowed
     */
    public static Optional<CredentialsSource> relayCredentials(Properties properties) {
        return new PropertyReader(properties).object("relay.credentials", CredentialsSource.class);
    }

    /** Returns the names of all settings, with their prefix. */
    public static Set<String> names() {
        return PropertyNames.NAMES.stream().map(PropertyReader.PREFIX::concat).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the built-in order that is named; the default if none is named or a plug-in replaces it. */
    private static AddressOrder builtInOrder(PropertyReader in) {
        return in.textUnlessObject("addressorder")
                        .filter(name -> !isClassName(name))
                        .isPresent()
                ? in.value("addressorder", "rfc6724, ipv6, ipv4, random, or the name of a class", AddressOrders::named)
                        .orElseGet(AddressOrders::standard)
                : AddressOrders.standard();
    }

    /** Returns whether the text is a class name: the built-in orders have no dot in their names. */
    private static boolean isClassName(String name) {
        return name.indexOf('.') >= 0;
    }
}
