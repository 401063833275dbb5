// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Provides;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.spi.AddressOrder;
import org.postroad.spi.Connector;
import org.postroad.spi.MailDns;
import org.postroad.spi.RelaySelector;

/** An injector that is not a CDI container assembles the built-in implementations, and what an application puts around one. */
class InjectorTest extends TransportTesting {

    /** A resolver of an application, around the built-in one. */
    @Singleton
    static final class CountingDns implements MailDns {

        private final AtomicInteger questions = new AtomicInteger();
        private final BuiltInMailDns builtIn;

        @Inject
        CountingDns(BuiltInMailDns builtIn) {
            this.builtIn = builtIn;
        }

        @Override
        public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline)
                throws InterruptedException {
            questions.incrementAndGet();
            return builtIn.query(name, type, deadline);
        }
    }

    /** The wiring of an application. */
    private final class Wiring extends AbstractModule {

        @Override
        protected void configure() {
            bind(MailDns.class).to(CountingDns.class);
            bind(Connector.class).to(BuiltInConnector.class);
            bind(RelaySelector.class).to(BuiltInRelaySelector.class);
            bind(AddressOrder.class).to(BuiltInAddressOrder.class);
        }

        @Provides
        @Mx
        Properties settings() {
            return properties;
        }

        @Provides
        @Singleton
        @Mx
        Session session(@Mx Properties settings, MailDns dns, RelaySelector relays, AddressOrder order) {
            Properties all = new Properties();
            all.putAll(settings);
            all.put("mail.mx.dns.resolver", dns);
            all.put("mail.mx.relayselector", relays);
            all.put("mail.mx.addressorder", order);
            return Session.getInstance(all);
        }
    }

    @Test
    void inject_aResolverIsPutAroundTheBuiltInOne() throws Exception {
        Injector injector = Guice.createInjector(new Wiring());
        Session session = injector.getInstance(Key.get(Session.class, Mx.class));
        MimeMessage message = new MimeMessage(session, message("a@v4.test", "b@v6.test").getInputStream());
        message.setFrom("me@client.test");
        message.setRecipients(MimeMessage.RecipientType.TO, "a@v4.test, b@v6.test");
        Transport.send(message);
        assertThat(injector.getInstance(CountingDns.class).questions).hasPositiveValue();
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx6.received()).hasSize(1);
    }

    @Test
    void inject_builtInImplementationsAreSingletons() {
        Injector injector = Guice.createInjector(new Wiring());
        assertThat(injector.getInstance(BuiltInMailDns.class)).isSameAs(injector.getInstance(BuiltInMailDns.class));
        assertThat(injector.getInstance(Connector.class))
                .isInstanceOf(BuiltInConnector.class)
                .isSameAs(injector.getInstance(Connector.class));
        assertThat(injector.getInstance(RelaySelector.class)).isSameAs(injector.getInstance(RelaySelector.class));
        assertThat(injector.getInstance(AddressOrder.class)).isSameAs(injector.getInstance(AddressOrder.class));
    }
}
