// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each property has its documented name and changes its own setting and no other. */
class PropertyNamesTest {

    /** A property, a value other than the default, the setting that differs then, and another property that this one needs. */
    private static final String ROWS = """
            localhost                | mail.example.org  | identity.localHost=Optional[mail.example.org] identity.localNames=[mail.example.org]
            from                     | me@example.org    | identity.from=Optional[me@example.org]
            localnames               | mx.example.org    | identity.localNames=[mx.example.org]
            ownaddresses             | none              | identity.ownAddresses.detected=false
            relay                    | smtp://r.test     | relays={IPv4=[smtp://r.test:25], IPv6=[smtp://r.test:25]}
            relay.ipv4               | smtp://r.test     | relays={IPv4=[smtp://r.test:25], IPv6=[]}
            relay.ipv6               | smtp://r.test     | relays={IPv4=[], IPv6=[smtp://r.test:25]}
            relay.attempts           | 7                 | routing.relay.attempts=7
            relay.fallback           | true              | routing.relay.fallback=true
            families                 | ipv6              | connect.families=ipv6
            localaddress.ipv4        | 192.0.2.1         | connect.local.ipv4=Optional[192.0.2.1]
            localaddress.ipv6        | 2001:db8::1       | connect.local.ipv6=Optional[2001:db8::1]
            connectiontimeout        | 7s                | connect.connectTimeout=PT7S
            attemptdelay             | 77                | connect.attemptDelay=Optional[PT0.077S]
            timeout                  | 7s                | smtp.replyTimeout=PT7S
            finaltimeout             | 7s                | smtp.finalReplyTimeout=PT7S
            writetimeout             | 7s                | smtp.writeTimeout=PT7S
            deadline                 | 7s                | delivery.deadline=PT7S
            maxrecipients            | 7                 | delivery.maxRecipients=7
            pipelining.enable        | false             | smtp.pipelining=false
            chunking.enable          | false             | smtp.chunking=false
            starttls.enable          | false             | tls.startTls=DISABLED
            starttls.required        | true              | tls.startTls=REQUIRED
            tls.fallback             | false             | tls.fallback=false
            dane.enable              | false             | tls.dane=false
            mtasts.enable            | false             | tls.mtaSts=false
            ssl.protocols            | TLSv1.2           | handshakes.protocols=[TLSv1.2]
            ssl.ciphersuites         | TLS_AES_128_GCM_SHA256 | handshakes.cipherSuites=[TLS_AES_128_GCM_SHA256]
            ssl.groups               | secp256r1         | handshakes.groups=[secp256r1]
            requiretls               | true              | sending.requireTls=true
            sendpartial              | false             | sending.partial=false
            log.addresses            | true              | sending.log.addresses=true
            reportsuccess            | true              | sending.reportSuccess=true
            dsn.notify               | NEVER             | sending.notifyOn=[NEVER]
            dsn.ret                  | HDRS              | sending.returned=Optional[HDRS]
            dsn.envid                | id-7              | sending.envelopeId=Optional[id-7]
            tlsrpt.contact           | me@example.org    | reporter=Optional[ReportingOrganization[organization=example.org, contact=me@example.org]]
            tlsrpt.organization      | Example           | reporter=Optional[ReportingOrganization[organization=Example, contact=me@example.org]] | tlsrpt.contact=me@example.org
            dns.servers              | 192.0.2.53        | dns.servers=[/192.0.2.53:53]
            dns.timeout              | 7s                | dns.timeout=PT7S
            dns.trustad              | 192.0.2.53        | dns.trustAd=[/192.0.2.53]
            dns.probe                | probe.test        | dns.probe=Optional[probe.test]
            dns.a6                   | true              | routing.a6=true
            remoteport               | 2525              | routes.port=2525
            addresses.allow          | 10.0.0.0/8        | connect.allowed=[10.0.0.0/8]
            nat64.prefix             | 64:ff9b::/96      | connect.nat64=Optional[64:ff9b::/96]
            socks.host               | proxy.test        | connect.socks=Optional[proxy.test:1080]
            socks.port               | 7                 | connect.socks=Optional[proxy.test:7] | socks.host=proxy.test
            maxmx                    | 7                 | routing.limits.maxMx=7
            maxaddresses             | 7                 | routing.limits.maxAddresses=7
            maxconnections           | 77                | connections.inAll=77
            maxconnectionsperhost    | 7                 | connections.perHost=7
            maxmessagesperconnection | 7                 | connections.transactions=7
            idletimeout              | 7s                | connections.idle=PT7S
            queue.createschema       | false             | admission.createSchema=false
            queue.lifetime           | 7d                | admission.lifetime=PT168H
            queue.keep               | 7s                | history.keep=PT7S
            queue.keeprows           | 7                 | history.rows=7
            queue.keepreports        | all               | history.reports=ALL
            queue.maxsize            | 7                 | admission.maxSize=7
            queue.suppress           | true              | admission.suppress=true
            queue.indoubt            | hold              | retrying.inDoubt=HOLD
            queue.delaywarning       | 7h                | retrying.delayWarning=Optional[PT7H]
            queue.concurrency        | 7                 | limits.concurrency=7
            queue.rate               | 7/1m              | limits.rate=Optional[Rate[count=7, per=PT1M]]
            queue.poll               | 7m                | timing.poll=PT7M
            queue.lease              | 77m               | timing.lease=PT1H17M
            queue.destinations       | 7                 | timing.destinations=7
            queue.closetimeout       | 7s                | timing.closeTimeout=PT7S
            queue.bounces            | none              | bounces=NONE
            queue.postmaster         | pm@example.org    | postmaster=Optional[pm@example.org]
            """;

    /** Properties that are not plain values: objects, files, and those that need another property. They have tests of their own. */
    private static final Set<String> ELSEWHERE = Set.of(
            "addressorder",
            "connector",
            "dns.resolver",
            "dns.trustanchors",
            "dns.validate",
            "executor",
            "listener",
            "mtasts.directory",
            "queue.datasource",
            "queue.firstattempt",
            "queue.name",
            "queue.schedule",
            "queue.shutdownhook",
            "queue.transactions",
            "queue.url",
            "relay.credentials",
            "relayselector",
            "routes");

    private record Case(String name, String value, String difference, String given) {
        @Override
        public String toString() {
            return name + "=" + value;
        }
    }

    static Stream<Case> cases() {
        return ROWS.lines()
                .map(row -> row.split(" *\\| *", -1))
                .map(cells -> new Case(cells[0], cells[1], cells[2], cells.length > 3 ? cells[3] : ""));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void config_eachPropertyDecidesItsOwnSetting(Case one) {
        Assumptions.assumeTrue(
                !one.name().equals("ssl.groups") || Runtime.version().feature() >= 20,
                "groups cannot be chosen: KeyGroupsTest has the refusal");
        Properties standard = new Properties();
        if (!one.given().isEmpty()) {
            String[] given = one.given().split("=", 2);
            standard.setProperty("mail.mx." + given[0], given[1]);
        }
        Properties properties = new Properties();
        properties.putAll(standard);
        properties.setProperty("mail.mx." + one.name(), one.value());
        assertThat(String.join(" ", differences(standard, properties))).isEqualTo(one.difference());
    }

    @Test
    void config_everyPropertyOfTheCodeIsTested() {
        Set<String> here = cases().map(Case::name).collect(Collectors.toCollection(TreeSet::new));
        assertThat(here).doesNotContainAnyElementsOf(ELSEWHERE);
        here.addAll(ELSEWHERE);
        assertThat(here)
                .as("each property has a row here, or a test elsewhere")
                .isEqualTo(new TreeSet<>(PropertyNames.NAMES));
    }

    private static List<String> differences(Properties standard, Properties properties) {
        List<String> before = values(standard);
        return values(properties).stream()
                .filter(value -> !before.contains(value))
                .toList();
    }

    private static List<String> values(Properties properties) {
        List<String> values = new ArrayList<>();
        collect("", Settings.read(properties), values);
        collect("", QueueReader.read(properties), values);
        return values;
    }

    /** Collects the components of a record, recursively, as text. */
    private static void collect(String path, Record record, List<String> values) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = read(record, component);
            String name = path + component.getName();
            if (value instanceof Record inner) {
                collect(name + ".", inner, values);
            } else {
                values.add(name + "=" + shown(value));
            }
        }
    }

    /** Returns the same text for equal values. */
    private static String shown(Object value) {
        Object ordered = value instanceof Map<?, ?> map ? new TreeMap<>(map) : value;
        return ordered.toString().replaceAll("@[0-9a-f]+$", ""); // an object without a name of its own
    }

    private static Object read(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(component + " cannot be read", e);
        }
    }
}
