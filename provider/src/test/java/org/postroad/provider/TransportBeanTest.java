// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.provider.internal.management.BeanRegistration;
import org.postroad.provider.internal.management.OpenBean;

/** The bean of what sends, as JMX clients and monitoring systems see it. */
@Timeout(60)
class TransportBeanTest extends TransportTesting {

    private static ObjectName bean() {
        return Beans.only("Transport");
    }

    @Test
    void jmx_theTransportIsRegisteredAtTheFirstSendUntilPostroadIsClosed() throws Exception {
        Engines.engine(properties);
        assertThat(Beans.ofType("Transport")).as("without a send").isEmpty();
        send(message("a@v4.test"));
        assertThat(bean()).hasToString("org.postroad:type=Transport,name=client.test");
        Postroad.close();
        assertThat(Beans.ofType("Transport")).isEmpty();
        send(message("a@v4.test"));
        assertThat(Beans.attribute(bean(), "Sends")).isEqualTo(1L);
    }

    @Test
    void jmx_otherSettingsHaveABeanOfTheirOwn() throws Exception {
        send(message("a@v4.test"));
        properties.setProperty("mail.mx.maxrecipients", "7");
        send(message("a@v4.test"));
        properties.setProperty("mail.mx.localhost", "other.test");
        send(message("a@v4.test"));
        assertThat(Beans.ofType("Transport"))
                .extracting(name -> name.getKeyProperty("name"))
                .containsExactlyInAnyOrder("client.test", "client.test-2", "other.test");
    }

    @Test
    void jmx_theEngineThatIsDroppedFirstLosesItsBean() throws Exception {
        send(message("a@v4.test"));
        assertThat(bean()).isNotNull();
        for (int i = 0; i < Engines.MAX_ENGINES; i++) {
            Properties others = new Properties();
            others.putAll(properties);
            others.setProperty("mail.mx.maxrecipients", String.valueOf(i + 1));
            Engines.engine(others);
        }
        assertThat(Beans.ofType("Transport")).isEmpty();
    }

    @Test
    void jmx_everythingHasADescription() throws Exception {
        send(message("a@v4.test"));
        Beans.assertDescribed(bean());
    }

    @Test
    void jmx_resultsConnectionsAndDnsAreCounted() throws Exception {
        mx4.onCommand("RCPT TO:<later@", "450 4.2.2 later");
        mx4.onCommand("RCPT TO:<nobody@", "550 5.1.1 no such user");
        failure("a@v4.test", "later@v4.test", "nobody@v4.test");
        send(message("b@v4.test"));
        Map<String, Object> values = Beans.poll(bean());
        assertThat(values)
                .containsEntry("Sends", 2L)
                .containsEntry("Delivered", 2L)
                .containsEntry("Deferred", 1L)
                .containsEntry("Failed", 1L)
                .containsEntry("InDoubt", 0L)
                .containsEntry("ConnectionsOpened", 1L)
                .containsEntry("ConnectionsReused", 1L)
                .containsEntry("ConnectionsInUse", 0L)
                .containsEntry("ConnectionsIdle", 1L)
                .containsEntry("ConnectionLimit", 100L)
                .containsEntry("DnsFailures", 0L);
        long misses = (Long) Objects.requireNonNull(values.get("DnsMisses"));
        long hits = (Long) Objects.requireNonNull(values.get("DnsHits"));
        assertThat(misses).isPositive();
        assertThat(hits).as("the second message asks the same questions").isPositive();
        assertThat((Long) values.get("DnsAnswers")).isBetween(1L, misses);
        Beans.call(bean(), "forgetDns");
        Beans.call(bean(), "closeIdleConnections");
        assertThat(Beans.poll(bean()))
                .containsEntry("DnsAnswers", 0L)
                .containsEntry("ConnectionsIdle", 0L)
                .containsEntry("DnsMisses", misses)
                .containsEntry("ConnectionsOpened", 1L);
    }

    @Test
    void jmx_addressesThatDoNotAnswerAreListedUntilTheyAreForgotten() throws Exception {
        connector.noAnswer("192.0.2.4");
        properties.setProperty("mail.mx.connectiontimeout", "50ms");
        failure("a@v4.test");
        CompositeData silent = Beans.row(Beans.attribute(bean(), "SilentAddresses"), "192.0.2.4");
        assertThat(silent.get("until").toString())
                .isGreaterThan(silent.get("since").toString());
        assertThat(Beans.attribute(bean(), "SilentFamilies")).isEqualTo("");
        Beans.call(bean(), "forgetSilentAddresses");
        assertThat(((TabularData) Beans.attribute(bean(), "SilentAddresses")).isEmpty())
                .isTrue();
    }

    @Test
    void jmx_serversThatFailOnAnExtensionAreListedUntilTheyAreForgotten() throws Exception {
        mx4.keywords("PIPELINING", "CHUNKING").onCommand("MAIL", Misbehaviour.CLOSE, 1);
        failure("a@v4.test");
        CompositeData broken = Beans.row(Beans.attribute(bean(), "BrokenServers"), "192.0.2.4:25");
        assertThat(broken.get("extensions")).isEqualTo("CHUNKING");
        Beans.call(bean(), "forgetBrokenServers");
        assertThat(((TabularData) Beans.attribute(bean(), "BrokenServers")).isEmpty())
                .isTrue();
    }

    /** A counter must not fall when an application's resolver is collected together with its cache. */
    @Test
    void jmx_countersOfDnsAreThoseOfAllCaches() throws Exception {
        send(message("a@v4.test"));
        long misses = (Long) Beans.attribute(bean(), "DnsMisses");
        Postroad.route(Session.getInstance(properties), message("a@v6.test").getAllRecipients());
        assertThat((Long) Beans.attribute(bean(), "DnsMisses")).isGreaterThan(misses);
    }

    @Test
    void jmx_whereABeanCannotBeRegisteredOneWarningIsLoggedAndMailIsSent() throws Exception {
        try (LogTap logs = LogTap.of(BeanRegistration.class)) {
            ObjectName taken = new ObjectName("org.postroad:type=Transport,name=client.test");
            for (int i = 0; i < 1000; i++) {
                Beans.SERVER.registerMBean(
                        OpenBean.named("taken", "taken").build(),
                        i == 0 ? taken : new ObjectName(taken + "-" + (i + 1)));
            }
            send(message("a@v4.test"));
            send(message("b@v4.test"));
            assertThat(mx4.received()).hasSize(2);
            assertThat(logs.messages())
                    .singleElement()
                    .satisfies(text -> assertThat(text).contains("Transport client.test cannot be registered in JMX"));
        } finally {
            for (ObjectName name : Beans.ofType("Transport")) {
                Beans.SERVER.unregisterMBean(name);
            }
        }
    }
}
