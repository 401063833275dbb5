// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.mail.MessagingException;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postroad.api.DeliveryEvent;
import org.postroad.spi.DeliveryListener;

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

    @BeforeEach
    void forget() {
        TOLD.set(0);
        ENDED.set(0);
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
}
