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
import org.postroad.provider.internal.deliver.ConnectionPool;
import org.postroad.provider.internal.dns.DnsSettings;
import org.postroad.provider.internal.dns.Idna;
import org.postroad.provider.internal.route.Routes;
import org.postroad.provider.internal.route.RoutingSettings;
import org.postroad.provider.internal.smtp.Envelope;
import org.postroad.provider.internal.smtp.Envelope.Notify;
import org.postroad.provider.internal.smtp.Envelope.Returned;
import org.postroad.provider.internal.sts.PolicyDirectory;
import org.postroad.provider.internal.tls.StartTls;
import org.postroad.provider.internal.tls.TlsSettings;
import org.postroad.provider.internal.tlsrpt.Reporter;
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
 * @param wire settings of SMTP dialogues
 * @param connections limits on connections, and how long idle ones are kept
 * @param tls what is offered in TLS handshakes
 * @param trust how connections to mail exchangers are protected
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
        Smtp wire,
        ConnectionPool.PoolLimits connections,
        TlsSettings tls,
        Tls trust,
        Optional<Reporter> reporter,
        Sending sending,
        Map<Family, List<RelayUrl>> relays) {

    /** Names and addresses of this host: {@code localhost}, {@code from}, {@code localnames}, {@code ownaddresses}. */
    public record Identity(
            Optional<HostName> localHost,
            Optional<String> from,
            Set<HostName> localNames,
            OwnAddresses.Setting ownAddresses) {}

    /**
     * Settings of SMTP dialogues: {@code timeout}, {@code finaltimeout}, {@code writetimeout}, {@code deadline}, {@code maxrecipients},
     * {@code pipelining.enable}, {@code chunking.enable}.
     */
    public record Smtp(
            Duration replyTimeout,
            Duration finalReplyTimeout,
            Duration writeTimeout,
            Duration deadline,
            int maxRecipients,
            boolean pipelining,
            boolean chunking) {}

    /**
     * How connections to mail exchangers are protected: {@code starttls.*}, {@code tls.fallback}, {@code dane.enable},
     * {@code mtasts.*}.
     */
    public record Tls(StartTls startTls, boolean fallback, boolean dane, boolean mtaSts, Optional<Path> policies) {}

    /** Settings of the envelope and of the result: {@code sendpartial}, {@code reportsuccess}, {@code dsn.*}, {@code requiretls}. */
    public record Sending(
            boolean partial,
            boolean reportSuccess,
            Set<Notify> reports,
            Optional<Returned> returned,
            Optional<String> envelopeId,
            boolean requireTls) {}

    /**
     * Implementations given by the application: {@code dns.resolver}, {@code connector}, {@code relayselector}, {@code addressorder},
     * {@code listener}, {@code relay.credentials}. They belong to one send. An engine never holds them, so that it does not keep an application alive.
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

    private static Set<String> union(Set<String> some, String... others) {
        Set<String> all = new HashSet<>(some);
        Collections.addAll(all, others);
        return Set.copyOf(all);
    }

    /** Names whose values may be objects of an application, or refer to one. Such objects are left out of fingerprints. */
    private static final Set<String> OBJECTS = Set.of(
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
    private static final Set<String> EACH_SEND = Set.of(
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
    private static final Set<String> FOREIGN = Set.of("host", "port", "user", "auth", "debug", "class", "password");

    /**
     * Reads the properties of a Session.
     *
     * @throws IllegalArgumentException naming the property, its value, and what is allowed
     */
    public static Settings read(Properties properties) {
        checkNames(properties);
        PropertyReader in = new PropertyReader(properties);
        return new Settings(
                identity(in),
                DnsReader.read(in),
                connect(in),
                routing(in),
                routes(in),
                wire(in),
                connections(in),
                tls(in),
                trust(in),
                ReporterReader.read(in),
                sending(in),
                relays(in));
    }

    /** Returns the unparsed properties as a key: Sessions with equal fingerprints have equal settings and share an engine. */
    public static Map<String, Object> fingerprint(Properties properties) {
        Map<String, Object> fingerprint = new HashMap<>();
        for (String property : PropertyReader.names(properties)) {
            Optional<Object> value = PropertyReader.value(properties, property);
            boolean isPlugin = OBJECTS.contains(withoutPrefix(property))
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
        for (String name : OBJECTS) {
            PropertyReader.value(properties, PropertyReader.PREFIX + name)
                    .ifPresent(object -> settings.put(PropertyReader.PREFIX + name, identity(object)));
        }
        settings.keySet().removeIf(property -> {
            String name = withoutPrefix(property);
            return EACH_SEND.contains(name) || !NAMES.contains(name);
        });
        return Collections.unmodifiableMap(settings);
    }

    /** Identifies an object without holding it. */
    private static String identity(Object object) {
        return object instanceof String text
                ? text
                : SettingText.describe(object) + "@" + Integer.toHexString(System.identityHashCode(object));
    }

    /** Returns a value for comparison that holds no object of an application. */
    private static Object comparable(Object value) {
        if (value instanceof Number || value instanceof Boolean) {
            return value;
        }
        return SettingText.parts(value)
                .<Object>map(parts -> parts.stream().map(Settings::text).toList())
                .orElseGet(() -> text(value));
    }

    private static String text(@Nullable Object value) {
        return value == null
                ? "null"
                : SettingText.ofText(value)
                        .or(() -> SettingText.ofDuration(value))
                        .orElseGet(() -> SettingText.describe(value));
    }

    private static String withoutPrefix(String property) {
        return property.substring(PropertyReader.PREFIX.length());
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
        String address = "an IP address of that family";
        return new ConnectSettings(
                in.value("families", "auto, ipv4, ipv6 or both", FamiliesSetting::parse)
                        .orElse(FamiliesSetting.AUTO),
                new LocalAddresses(
                        in.value("localaddress.ipv4", address, IpAddress::parse),
                        in.value("localaddress.ipv6", address, IpAddress::parse)),
                in.timeOut("connectiontimeout", ConnectSettings.DEFAULT_CONNECT_TIMEOUT),
                in.durationOrOff(
                        "attemptdelay",
                        ConnectSettings.DEFAULT_ATTEMPT_DELAY,
                        ConnectSettings.MIN_ATTEMPT_DELAY,
                        ConnectSettings.MAX_ATTEMPT_DELAY),
                in.list("addresses.allow", "networks such as 127.0.0.0/8 or ::1/128", Cidr::parse),
                in.value("nat64.prefix", "an IPv6 prefix such as 64:ff9b::/96", Nat64Prefix::parse),
                socks(in));
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

    private static Smtp wire(PropertyReader in) {
        return new Smtp(
                in.timeOut("timeout", Duration.ofMinutes(5)),
                in.timeOut("finaltimeout", Duration.ofMinutes(10)),
                in.timeOut("writetimeout", Duration.ofMinutes(3)),
                in.timeOut("deadline", DEADLINE),
                in.number("maxrecipients", 100, 1, 10_000),
                in.flag("pipelining.enable", true),
                in.flag("chunking.enable", true));
    }

    private static ConnectionPool.PoolLimits connections(PropertyReader in) {
        ConnectionPool.PoolLimits standard = ConnectionPool.PoolLimits.DEFAULTS;
        return new ConnectionPool.PoolLimits(
                in.number("maxconnections", standard.inAll(), 1, 100_000),
                in.number("maxconnectionsperhost", standard.perHost(), 1, 10_000),
                in.number("maxmessagesperconnection", standard.transactions(), 1, 1_000_000),
                in.durationOrZero("idletimeout", standard.idle()));
    }

    private static TlsSettings tls(PropertyReader in) {
        TlsSettings standard = TlsSettings.DEFAULTS;
        List<String> protocols = in.list("ssl.protocols", "TLS protocols of this JVM", TlsSettings::protocol);
        List<String> suites = in.list("ssl.ciphersuites", "cipher suites of this JVM", TlsSettings::cipherSuite);
        List<String> groups = in.list("ssl.groups", "key exchange groups of this JVM", TlsSettings::group);
        return new TlsSettings(protocols.isEmpty() ? standard.protocols() : protocols, suites, groups);
    }

    private static Tls trust(PropertyReader in) {
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
     * @throws IllegalArgumentException naming the property, its value, and what is allowed
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
                in.object("listener", DeliveryListener.class),
                in.object("relay.credentials", CredentialsSource.class));
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

    private static void checkNames(Properties properties) {
        for (String property : PropertyReader.names(properties)) {
            String name = withoutPrefix(property);
            boolean known = NAMES.contains(name);
            if (!known && !name.isEmpty() && !FOREIGN.contains(name)) {
                PropertyReader.warn("The property " + Printable.clean(property)
                        + " is not known; the nearest known one is " + PropertyReader.PREFIX
                        + Nearest.to(name, NAMES));
            }
            if (known && PropertyReader.value(properties, property).isEmpty()) {
                throw new IllegalArgumentException("The property " + property
                        + " has an object in the defaults of the Properties, where it cannot be read; put it into the Properties"
                        + " themselves");
            }
        }
    }
}
