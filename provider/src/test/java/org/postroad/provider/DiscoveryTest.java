// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.annotation.Priority;
import jakarta.mail.MessagingException;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.DeliveryEvent;
import org.postroad.provider.internal.engine.FoundPlugin;
import org.postroad.provider.internal.engine.PluginDiscovery;
import org.postroad.spi.AddressOrder;
import org.postroad.spi.DeliveryListener;

/** How implementations of the SPIs are found, and that they are not held after the send. */
class DiscoveryTest extends TransportTesting {

    private static final AtomicInteger MADE = new AtomicInteger();
    private static final AtomicInteger TOLD = new AtomicInteger();

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @TempDir
    private Path directory;

    /** Counts events. */
    public static class Counting implements DeliveryListener {
        public Counting() {
            MADE.incrementAndGet();
        }

        @Override
        public void on(DeliveryEvent event) {
            TOLD.incrementAndGet();
        }
    }

    /** A service with a higher priority. */
    @Priority(2)
    public static class First implements DeliveryListener {
        @Override
        public void on(DeliveryEvent event) {
            TOLD.incrementAndGet();
        }
    }

    /** A service with the same priority. */
    @Priority(2)
    public static class Second extends First {}

    @AfterEach
    void restoreLoader() {
        Thread.currentThread().setContextClassLoader(before);
        TOLD.set(0);
    }

    private void services(Class<?>... listeners) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.write(
                services.resolve(DeliveryListener.class.getName()),
                List.of(listeners).stream().map(Class::getName).toList());
        Thread.currentThread()
                .setContextClassLoader(
                        new URLClassLoader(new URL[] {directory.toUri().toURL()}, before));
    }

    @Test
    void spi_aClassHasOneInstanceForAllSends() throws Exception {
        properties.setProperty("mail.mx.listener", Counting.class.getName());
        int made = MADE.get();
        Transport.send(message("a@v4.test"));
        Transport.send(message("a@v4.test"));
        assertThat(MADE.get() - made).isLessThanOrEqualTo(1);
        assertThat(TOLD).hasPositiveValue();
    }

    @Test
    void spi_aServiceIsFoundThroughTheContextClassLoader() throws Exception {
        services(Counting.class);
        try (PluginDiscovery discovery = new PluginDiscovery(properties)) {
            assertThat(discovery.found())
                    .extracting(FoundPlugin::toString)
                    .contains("DeliveryListener: " + Counting.class.getName() + " (service)");
        }
        Transport.send(message("a@v4.test"));
        assertThat(TOLD).hasPositiveValue();
    }

    @Test
    void spi_anObjectHasPriorityOverAService() throws Exception {
        services(Counting.class);
        AtomicInteger own = new AtomicInteger();
        properties.put("mail.mx.listener", (DeliveryListener) event -> own.incrementAndGet());
        Transport.send(message("a@v4.test"));
        assertThat(own).hasPositiveValue();
        assertThat(TOLD).hasValue(0);
    }

    @Test
    void spi_theHighestPriorityWins() throws Exception {
        services(Counting.class, First.class);
        int made = MADE.get();
        Transport.send(message("a@v4.test"));
        assertThat(TOLD).hasPositiveValue();
        assertThat(MADE).hasValue(made);
    }

    @Test
    void spi_servicesOfEqualPriorityAreAnErrorThatNamesBoth() throws Exception {
        services(First.class, Second.class);
        MimeMessage message = message("a@v4.test");
        assertThatThrownBy(() -> Transport.send(message))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining(First.class.getName())
                .hasMessageContaining(Second.class.getName());
        assertThat(transcript.lines()).isEmpty();
    }

    @Test
    void spi_aClassOfTheWrongTypeIsNamed() throws Exception {
        properties.setProperty("mail.mx.listener", "java.lang.String");
        MimeMessage message = message("a@v4.test");
        assertThatThrownBy(() -> Transport.send(message))
                .hasMessageContaining("mail.mx.listener")
                .hasMessageContaining("java.lang.String")
                .hasMessageContaining(DeliveryListener.class.getName());
    }

    @Test
    void spi_aConnectorWithAProxyIsRefused() throws Exception {
        properties.setProperty("mail.mx.socks.host", "192.0.2.250");
        MimeMessage message = message("a@v4.test");
        assertThatThrownBy(() -> Transport.send(message))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("mail.mx.socks.host")
                .hasMessageContaining(connector.getClass().getName());
        assertThat(transcript.lines()).isEmpty();
    }

    @Test
    void ORDER_05_anAddressOrderCanBeAnObject() throws Exception {
        properties.setProperty("mail.mx.idletimeout", "0"); // a reused connection needs no address order
        properties.put("mail.mx.addressorder", (AddressOrder) (candidates, random) -> candidates.stream()
                .sorted(Comparator.comparing(candidate -> candidate.address().family()))
                .toList());
        Transport.send(message("a@both.test"));
        assertThat(mx4.received()).hasSize(1);
        properties.put("mail.mx.addressorder", (AddressOrder) (candidates, random) -> candidates.stream()
                .sorted(Comparator.comparing(candidate -> candidate.address().family(), Comparator.reverseOrder()))
                .toList());
        Transport.send(message("a@both.test"));
        assertThat(mx6.received()).hasSize(1);
    }

    @Test
    void engine_aListenerIsNotReferencedAfterTheSend() throws Exception {
        DeliveryListener listener = new DeliveryListener() {
            @Override
            public void on(DeliveryEvent event) {
                TOLD.incrementAndGet();
            }
        };
        WeakReference<DeliveryListener> held = new WeakReference<>(listener);
        properties.put("mail.mx.listener", listener);
        Transport.send(message("a@v4.test"));
        properties.remove("mail.mx.listener");
        listener = null;
        for (int i = 0; i < 100 && held.get() != null; i++) {
            System.gc();
            Transport.send(message("a@v6.test")); // the threads of the pool take other tasks
        }
        assertThat(held.get()).isNull();
    }

    @Test
    void engine_sessionsWithEqualSettingsShareTheirDnsAnswers() throws Exception {
        properties.put("mail.mx.listener", (DeliveryListener) event -> {});
        Transport.send(message("a@v4.test"));
        int asked = transcript.linesOf("dns").size();
        properties.put("mail.mx.listener", (DeliveryListener) event -> {});
        Transport.send(message("a@v4.test"));
        assertThat(asked).isPositive();
        assertThat(transcript.linesOf("dns")).hasSize(asked);
    }
}
