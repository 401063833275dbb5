// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.MailContext;
import org.postroad.provider.internal.observation.ObservationKeys;
import org.postroad.spi.DeliveryListener;

/** The observations of sends, from real deliveries. */
@Timeout(60)
class ObservationListenerTest extends TransportTesting {

    @TempDir
    Path directory;

    private final List<Observation.Context> started = new CopyOnWriteArrayList<>();
    private final List<Observation.Context> stopped = new CopyOnWriteArrayList<>();
    private final ObservationRegistry registry = ObservationRegistry.create();
    private final ObservationListener listener = new ObservationListener(registry);

    @BeforeEach
    void observe() {
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStart(Observation.Context context) {
                started.add(context);
            }

            @Override
            public void onStop(Observation.Context context) {
                stopped.add(context);
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        properties.put("mail.mx.listener", listener);
    }

    private List<Observation.Context> named(String name) {
        return stopped.stream().filter(one -> name.equals(one.getName())).toList();
    }

    private Observation.Context only(String name) {
        assertThat(named(name)).hasSize(1);
        return named(name).get(0);
    }

    private static String key(Observation.Context context, String key) {
        KeyValue low = context.getLowCardinalityKeyValue(key);
        KeyValue value = low != null ? low : context.getHighCardinalityKeyValue(key);
        return value == null ? "missing" : value.getValue();
    }

    private static Optional<String> parent(Observation.Context context) {
        ObservationView parent = context.getParentObservation();
        return Optional.ofNullable(parent).map(view -> view.getContextView().getName());
    }

    private void assertAllStoppedOnce() {
        assertThat(stopped).hasSameSizeAs(started).hasSameElementsAs(started);
        assertThat(new ArrayList<>(stopped)).doesNotHaveDuplicates();
        assertThat(listener.observed()).isZero();
    }

    @Test
    void observation_aSendHasAChildForEachDomainAndContact() throws Exception {
        send(message("a@v4.test", "b@v6.test"));
        assertAllStoppedOnce();
        Observation.Context send = only(ObservationKeys.SEND);
        assertThat(send.getContextualName()).isEqualTo("send mx");
        assertThat(parent(send)).isEmpty();
        assertThat(key(send, "messaging.system")).isEqualTo("smtp");
        assertThat(key(send, "messaging.operation.type")).isEqualTo("send");
        assertThat(key(send, "postroad.protocol")).isEqualTo("mx");
        assertThat(key(send, "postroad.verdict")).isEqualTo("delivered");
        assertThat(key(send, "postroad.status.class")).isEqualTo("2.x.x");
        assertThat(key(send, "error.type")).isEqualTo("none");
        assertThat(key(send, "messaging.message.id")).startsWith("<").endsWith(">");
        assertThat(send.getError()).isNull();
        assertThat(named(ObservationKeys.DOMAIN))
                .allSatisfy(domain -> assertThat(parent(domain)).contains(ObservationKeys.SEND))
                .extracting(domain -> key(domain, "postroad.domain"))
                .containsExactlyInAnyOrder("v4.test", "v6.test");
        assertThat(named(ObservationKeys.CONTACT))
                .allSatisfy(contact -> assertThat(parent(contact)).contains(ObservationKeys.DOMAIN))
                .extracting(contact -> key(contact, "network.type") + " " + key(contact, "server.address") + " "
                        + key(contact, "postroad.stage"))
                .containsExactlyInAnyOrder("ipv4 mx4.v4.test end_of_data", "ipv6 mx6.v6.test end_of_data");
    }

    @Test
    void observation_theCallersObservationIsTheParent() throws Exception {
        Observation request = Observation.createNotStarted("request", registry);
        request.observeChecked(() -> send(message("a@v4.test", "b@v6.test")));
        assertThat(parent(only(ObservationKeys.SEND))).contains("request");
        assertThat(registry.getCurrentObservation())
                .as("nothing is left behind on the thread")
                .isNull();
        assertAllStoppedOnce();
    }

    @Test
    void observation_aFailureIsAnErrorOfItsClassWithoutAnAddress() throws Exception {
        mx4.onCommand("RCPT TO:<secret@", "550 5.1.1 secret@v4.test does not exist");
        failure("secret@v4.test", "b@v4.test");
        assertAllStoppedOnce();
        Observation.Context send = only(ObservationKeys.SEND);
        assertThat(key(send, "postroad.verdict")).isEqualTo("mixed");
        assertThat(key(send, "postroad.status.class")).isEqualTo("5.x.x");
        assertThat(key(send, "error.type")).isEqualTo("bad_mailbox");
        assertThat(send.getError()).hasMessageStartingWith("bad mailbox: ");
        assertThat(key(only(ObservationKeys.CONTACT), "postroad.bounce.class")).isEqualTo("bad_mailbox");
        for (Observation.Context context : stopped) {
            assertThat(context.getAllKeyValues().toString()).doesNotContain("secret@", "b@v4", "me@client");
            assertThat(String.valueOf(context.getError())).doesNotContain("secret@");
        }
    }

    @Test
    void observation_anAddressThatDoesNotAnswerIsAnEventOfItsContact() throws Exception {
        connector.noAnswer("2001:db8::6");
        properties.setProperty("mail.mx.connectiontimeout", "100ms");
        send(message("a@dual.test"));
        assertAllStoppedOnce();
        assertThat(named(ObservationKeys.CONTACT))
                .extracting(contact -> key(contact, "network.type") + " " + key(contact, "postroad.stage") + " "
                        + key(contact, "error.type"))
                .containsExactly("ipv6 connect network", "ipv4 end_of_data none");
        assertThat(key(only(ObservationKeys.SEND), "error.type")).isEqualTo("none");
    }

    @Test
    void observation_metricsHaveTheSameKeysWhateverHappens() throws Exception {
        send(message("a@v4.test"));
        mx4.onCommand("MAIL", "421 4.3.2 closing");
        failure("a@v4.test");
        failure("a@null.test");
        connector.noAnswer("192.0.2.4");
        properties.setProperty("mail.mx.connectiontimeout", "50ms");
        failure("a@v4.test");
        assertAllStoppedOnce();
        for (String name : List.of(ObservationKeys.SEND, ObservationKeys.DOMAIN, ObservationKeys.CONTACT)) {
            Set<Set<String>> keys = named(name).stream()
                    .map(context -> context.getLowCardinalityKeyValues().stream()
                            .map(KeyValue::getKey)
                            .collect(Collectors.toCollection(TreeSet::new)))
                    .collect(Collectors.toSet());
            assertThat(keys).as(name).hasSize(1);
        }
    }

    @Test
    void observation_anAttemptOfAQueueHasNoParentAndTheIds() throws Exception {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("queue.db"));
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            Observation request = Observation.createNotStarted("request", registry);
            request.observeChecked(() -> Transport.send(message("a@v4.test")));
            assertThat(queue.drain(Duration.ofSeconds(60))).isTrue();
        }
        Observation.Context send = only(ObservationKeys.SEND);
        assertThat(send.getContextualName()).isEqualTo("send mxqueue");
        assertThat(parent(send)).isEmpty();
        assertThat(key(send, "postroad.protocol")).isEqualTo("mxqueue");
        assertThat(key(send, "postroad.queue.id")).hasSize(35);
        assertThat(key(send, "postroad.attempt")).isEqualTo("1");
        assertAllStoppedOnce();
    }

    @Test
    void observation_aSendThatIsInterruptedEnds() throws Exception {
        connector.hold("192.0.2.4");
        Thread sender = new Thread(() -> {
            try {
                send(message("a@v4.test", "b@v6.test"));
            } catch (MessagingException expected) {
                transcript.add("interrupted");
            }
        });
        sender.start();
        while (started.stream().noneMatch(one -> ObservationKeys.CONTACT.equals(one.getName()))) {
            Thread.onSpinWait();
        }
        sender.interrupt();
        sender.join();
        assertThat(transcript.lines()).contains("interrupted");
        assertAllStoppedOnce();
        assertThat(key(only(ObservationKeys.SEND), "error.type")).isNotEqualTo("none");
    }

    @Test
    void observation_aListenerThatComesLaterIgnoresTheRestOfTheSend() throws Exception {
        boolean[] begun = new boolean[1];
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            begun[0] |= event instanceof DeliveryEvent.Connecting;
            if (begun[0]) {
                listener.on(event);
            }
        });
        send(message("a@v4.test"));
        assertThat(started).isEmpty();
        assertAllStoppedOnce();
    }

    @Test
    void observation_sendsThatNeverEndAreBounded() {
        Domain domain = Domain.parse("v4.test");
        for (int i = 0; i <= ObservationListener.MAX_SENDS; i++) {
            MailContext mail = MailContext.direct(Optional.empty(), Optional.empty(), Optional.empty());
            listener.on(new DeliveryEvent.SendStarted(domain, mail, Instant.EPOCH, List.of(), 1));
        }
        assertThat(listener.observed()).isEqualTo(ObservationListener.MAX_SENDS);
        assertThat(named(ObservationKeys.SEND)).hasSize(1);
        assertThat(named(ObservationKeys.DOMAIN)).hasSize(1);
    }

    @Test
    void observation_equalMessagesSentConcurrentlyAreDifferentSends() {
        Domain domain = Domain.parse("v4.test");
        MailContext one = MailContext.direct(Optional.empty(), Optional.empty(), Optional.of("<1@a.test>"));
        MailContext same = MailContext.direct(Optional.empty(), Optional.empty(), Optional.of("<1@a.test>"));
        listener.on(new DeliveryEvent.SendStarted(domain, one, Instant.EPOCH, List.of(), 1));
        listener.on(new DeliveryEvent.SendStarted(domain, same, Instant.EPOCH, List.of(), 1));
        assertThat(listener.observed()).isEqualTo(2);
    }
}
