// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.Relay;
import org.postroad.provider.internal.connect.AddressOrders;
import org.postroad.provider.internal.engine.FoundPlugin;
import org.postroad.provider.internal.engine.PluginDiscovery;
import org.postroad.spi.AddressOrder;
import org.postroad.spi.DeliveryListener;
import org.postroad.spi.RelaySelector;

/** CDI beans as implementations, in a real container. */
class CdiTest extends TransportTesting {

    private static final AtomicInteger TOLD = new AtomicInteger();
    private static final AtomicInteger ENDED = new AtomicInteger();

    /** Lives as long as the container. */
    @ApplicationScoped
    public static class ScopedBean implements DeliveryListener {
        @Override
        public void on(DeliveryEvent event) {
            TOLD.incrementAndGet();
        }

        @PreDestroy
        void end() {
            ENDED.incrementAndGet();
        }
    }

    /** Lives as long as the object that requested it. */
    @Dependent
    public static class DependentBean extends ScopedBean {}

    /** Observes all events, and one kind of them. */
    @ApplicationScoped
    public static class Observer {

        static final List<DeliveryEvent> ALL = Collections.synchronizedList(new ArrayList<>());
        static final List<Domain> CONCLUDED = Collections.synchronizedList(new ArrayList<>());

        void on(@Observes DeliveryEvent event) {
            ALL.add(event);
        }

        void end(@Observes DeliveryEvent.Concluded event) {
            CONCLUDED.add(event.domain());
        }
    }

    /** Observes one kind of event, and fails. */
    @ApplicationScoped
    public static class FailingObserver {
        void on(@Observes DeliveryEvent.Connecting event) {
            TOLD.incrementAndGet();
            throw new IllegalStateException("the observer is broken");
        }
    }

    /** An implementation of an SPI. */
    @ApplicationScoped
    public static class NoRelays implements RelaySelector {
        @Override
        public List<Relay> select(Question question) {
            return List.of();
        }
    }

    @BeforeEach
    void forget() {
        TOLD.set(0);
        ENDED.set(0);
        Observer.ALL.clear();
        Observer.CONCLUDED.clear();
    }

    private List<String> found() {
        try (PluginDiscovery discovery = new PluginDiscovery(properties)) {
            return discovery.found().stream().map(FoundPlugin::toString).toList();
        }
    }

    private static SeContainer container(Class<?>... beans) {
        return SeContainerInitializer.newInstance()
                .disableDiscovery()
                .addBeanClasses(beans)
                .initialize();
    }

    @Test
    void spi_aBeanIsFoundAndOutlivesTheSend() throws Exception {
        try (SeContainer container = container(ScopedBean.class)) {
            Transport.send(message("a@v4.test"));
            assertThat(TOLD).hasPositiveValue();
            assertThat(ENDED).hasValue(0);
            assertThat(container.isRunning()).isTrue();
        }
    }

    @Test
    void spi_aDependentBeanIsDestroyedAfterTheSend() throws Exception {
        try (SeContainer container = container(DependentBean.class)) {
            Transport.send(message("a@v4.test"));
            assertThat(TOLD).hasPositiveValue();
            assertThat(ENDED).hasValue(1);
            assertThat(container.isRunning()).isTrue();
        }
    }

    @Test
    void check_listsTheBeansOfARunningContainer() {
        try (SeContainer container = container(ScopedBean.class)) {
            assertThat(Postroad.check(Session.getInstance(properties)).toString())
                    .contains("ok: cdi: a CDI container is running")
                    .contains("DeliveryListener: " + ScopedBean.class.getName() + " (CDI bean)");
            assertThat(container.isRunning()).isTrue();
        }
        assertThat(Postroad.check(Session.getInstance(properties)).toString())
                .contains("ok: cdi: no CDI container is running");
    }

    @Test
    void spi_twoBeansAreAnErrorThatNamesBoth() throws Exception {
        MimeMessage message = message("a@v4.test");
        try (SeContainer container = container(ScopedBean.class, DependentBean.class)) {
            assertThatThrownBy(() -> Transport.send(message))
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining(ScopedBean.class.getName())
                    .hasMessageContaining(DependentBean.class.getName());
            assertThat(container.isRunning()).isTrue();
        }
        assertThat(transcript.lines()).isEmpty();
    }

    @Test
    void spi_anObjectHasPriorityOverABean() throws Exception {
        AtomicInteger own = new AtomicInteger();
        properties.put("mail.mx.listener", (DeliveryListener) event -> own.incrementAndGet());
        try (SeContainer container = container(ScopedBean.class)) {
            Transport.send(message("a@v4.test"));
            assertThat(container.isRunning()).isTrue();
        }
        assertThat(own).hasPositiveValue();
        assertThat(TOLD).hasValue(0);
    }

    @Test
    void spi_aContainerWithoutABeanHasNoEffect() throws Exception {
        try (SeContainer container = container(String.class)) {
            Transport.send(message("a@v4.test"));
            assertThat(container.isRunning()).isTrue();
        }
        assertThat(mx4.received()).hasSize(1);
    }

    /** Two domains, so that deliveries run on threads of Postroad. */
    @Test
    void spi_observersGetTheEventsOfEachDelivery() throws Exception {
        try (SeContainer container = container(Observer.class)) {
            Transport.send(message("a@v4.test", "b@v6.test"));
            assertThat(container.isRunning()).isTrue();
        }
        assertThat(Observer.CONCLUDED).containsExactlyInAnyOrder(Domain.parse("v4.test"), Domain.parse("v6.test"));
        assertThat(Observer.ALL).hasSizeGreaterThan(Observer.CONCLUDED.size());
    }

    /** Two applications may share a queue if their plug-ins are equal. */
    @Test
    void spi_twoLookupsInAContainerFindEqualImplementations() {
        try (SeContainer container = container(Observer.class, ScopedBean.class);
                PluginDiscovery first = new PluginDiscovery(properties);
                PluginDiscovery second = new PluginDiscovery(properties)) {
            assertThat(first.plugins().listener()).isPresent();
            assertThat(first.plugins()).isEqualTo(second.plugins());
            assertThat(container.isRunning()).isTrue();
        }
    }

    @Test
    void spi_observersGetEventsBesideAListener() throws Exception {
        AtomicInteger own = new AtomicInteger();
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            own.incrementAndGet();
            throw new IllegalStateException("the listener is broken");
        });
        try (SeContainer container = container(Observer.class)) {
            Transport.send(message("a@v4.test", "b@v6.test"));
            assertThat(container.isRunning()).isTrue();
        }
        assertThat(own).hasPositiveValue();
        assertThat(Observer.ALL).hasSize(own.get());
    }

    @Test
    void spi_aFailingObserverDoesNotAffectTheMail() throws Exception {
        AtomicInteger own = new AtomicInteger();
        properties.put("mail.mx.listener", (DeliveryListener) event -> own.incrementAndGet());
        try (SeContainer container = container(FailingObserver.class)) {
            Transport.send(message("a@v4.test", "b@v6.test"));
            assertThat(container.isRunning()).isTrue();
        }
        assertThat(TOLD).hasValue(2);
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx6.received()).hasSize(1);
        assertThat(own).hasPositiveValue();
    }

    @Test
    void spi_implementationsAreListedWithTheirOrigin() {
        properties.put("mail.mx.listener", new ScopedBean());
        properties.setProperty("mail.mx.addressorder", "random");
        try (SeContainer container = container(NoRelays.class, Observer.class)) {
            assertThat(found())
                    .containsExactlyInAnyOrder(
                            "MailDns: built in",
                            "Connector: " + connector.getClass().getName() + " (property)",
                            "RelaySelector: " + NoRelays.class.getName() + " (CDI bean)",
                            "AddressOrder: built in",
                            "DeliveryListener: " + ScopedBean.class.getName() + " (property)",
                            "DeliveryListener: CDI observers",
                            "CredentialsSource: none");
            assertThat(container.isRunning()).isTrue();
        }
        assertThat(found()).contains("RelaySelector: built in").doesNotContain("DeliveryListener: CDI observers");
    }

    /** In one jar with an application whose beans.xml says "all", or in Quarkus, classes of Postroad can become beans. */
    @Test
    void spi_aClassOfPostroadIsNotABeanOfTheApplication() {
        Class<?> order = AddressOrders.standard().getClass();
        try (SeContainer container = container(order, NoRelays.class)) {
            assertThat(container.select(AddressOrder.class).isResolvable()).isTrue();
            assertThat(found()).contains("AddressOrder: built in");
        }
    }
}
