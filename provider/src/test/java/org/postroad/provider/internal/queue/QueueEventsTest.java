// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueOptions;
import org.postroad.api.TlsDemand;
import org.postroad.provider.LogTap;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.envelope.MessageId;
import org.postroad.provider.internal.log.DeliveryLog;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.Admission;
import org.postroad.provider.internal.queue.QueueSettings.InDoubt;
import org.postroad.provider.internal.queue.QueueSettings.Retrying;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.TestDatabase;

/** The events and the log lines of queued mail. */
@Timeout(120)
class QueueEventsTest extends QueueTesting {

    private static final Mailbox SENDER = Mailbox.parse("me@sender.test");
    private static final Mailbox A = Mailbox.parse("a@one.test");
    private static final Mailbox B = Mailbox.parse("b@other.test");
    private static final Timing TIMING =
            new Timing(Duration.ofMillis(50), Duration.ofMinutes(1), 20, Duration.ofSeconds(10));
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final LogTap deliveries = LogTap.of(DeliveryLog.LOGGER);

    private QueueManager open() throws Exception {
        return open(TestDatabase.SQLITE.open(directory), TIMING);
    }

    private static String submit(QueueManager queue, Optional<Mailbox> sender, Mailbox... recipients) throws Exception {
        try (SpooledMessage content = content("x")) {
            return queue.submit(
                            new Envelope(
                                    sender,
                                    List.of(recipients).stream()
                                            .map(Envelope.Recipient::of)
                                            .toList(),
                                    Optional.empty(),
                                    Optional.of("order-1"),
                                    TlsDemand.NONE),
                            content,
                            new QueuedMessage.Labels(Optional.of(new MessageId("<1@sender.test>")), Optional.empty()),
                            QueueOptions.NONE)
                    .id();
        }
    }

    private List<String> kinds() {
        return List.copyOf(agent.told).stream()
                .map(event -> event.getClass().getSimpleName())
                .toList();
    }

    private List<String> lines() {
        return deliveries.messages().stream()
                .map(line -> line.replaceAll("^(\\w+) (PR-\\d+ [\\w-]+) .*", "$1 $2"))
                .collect(Collectors.toList());
    }

    @Test
    void event_queuedMailIsReportedForEachDomainWithItsIdentity() throws Exception {
        try (QueueManager queue = open()) {
            String id = submit(queue, Optional.of(SENDER), A, B);
            assertThat(new QueueControl(queue).drain(LONG)).isTrue();
            assertThat(agent.told).hasSize(2).allSatisfy(event -> {
                assertThat(event).isInstanceOf(DeliveryEvent.Queued.class);
                assertThat(event.mail().queueId()).contains(id);
                assertThat(event.mail().messageId()).contains("<1@sender.test>");
                assertThat(event.mail().sender()).contains(SENDER);
                assertThat(event.mail().envelopeId()).contains("order-1");
                assertThat(event.mail().attempt()).isZero();
            });
            assertThat(agent.told)
                    .extracting(event -> event.domain() + " " + ((DeliveryEvent.Queued) event).recipients())
                    .containsExactly("one.test [a@one.test]", "other.test [b@other.test]");
        }
        assertThat(lines()).containsExactly("INFO PR-101 delivered", "INFO PR-101 delivered");
    }

    @Test
    void event_deferredMailIsReportedWithItsNextAttempt() throws Exception {
        agent.answers(mail -> FakeDeliveryAgent.says(450, "4.2.0 later").apply(mail));
        try (QueueManager queue = open()) {
            submit(queue, Optional.of(SENDER), A);
            agent.awaitTold(2);
            DeliveryEvent.Deferred deferred = (DeliveryEvent.Deferred) agent.told.get(1);
            assertThat(deferred.nextAttempt()).isAfter(deferred.at());
            assertThat(deferred.mail().attempt()).isEqualTo(1);
            assertThat(deferred.recipients())
                    .extracting(report -> report.status().toString())
                    .containsExactly("4.2.0");
        }
        assertThat(lines()).containsExactly("INFO PR-102 deferred");
        assertThat(deliveries.messages()).anyMatch(line -> line.contains(" next=2"));
    }

    @Test
    void event_rejectedMailBounces() throws Exception {
        agent.answers(mail -> mail.sender().isPresent()
                ? FakeDeliveryAgent.says(550, "5.1.1 unknown").apply(mail)
                : FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail));
        try (QueueManager queue = open()) {
            submit(queue, Optional.of(SENDER), A);
            assertThat(new QueueControl(queue).drain(LONG)).isTrue();
        }
        assertThat(kinds()).startsWith("Queued", "Bounced");
        assertThat(((DeliveryEvent.Bounced) agent.told.get(1)).senderNotified()).isTrue();
        assertThat(lines()).containsExactly("WARNING PR-201 failed", "INFO PR-101 delivered");
    }

    @Test
    void event_mailFromTheNullSenderIsADoubleBounce() throws Exception {
        agent.answers(mail -> FakeDeliveryAgent.says(550, "5.1.1 unknown").apply(mail));
        try (QueueManager queue = open()) {
            submit(queue, Optional.empty(), A);
            assertThat(new QueueControl(queue).drain(LONG)).isTrue();
        }
        assertThat(kinds()).containsExactly("Queued", "DoubleBounced");
        assertThat(lines()).containsExactly("WARNING PR-203 double-bounce");
    }

    @Test
    void event_expiredMailExpiresAndBounces() throws Exception {
        admission = new Admission(Duration.ofMillis(1), 1000, true, false);
        agent.answers(mail -> mail.sender().isPresent()
                ? FakeDeliveryAgent.says(450, "4.2.0 later").apply(mail)
                : FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail));
        try (QueueManager queue = open()) {
            submit(queue, Optional.of(SENDER), A);
            assertThat(new QueueControl(queue).drain(LONG)).isTrue();
        }
        assertThat(kinds()).contains("Expired").containsSubsequence("Expired", "Bounced");
        assertThat(lines()).contains("WARNING PR-202 expired");
    }

    @Test
    void event_mailInDoubtIsHeldIfSoConfigured() throws Exception {
        retrying = new Retrying(RetrySchedule.STANDARD, InDoubt.HOLD, Optional.empty());
        agent.answers(FakeDeliveryAgent::isInDoubt);
        try (QueueManager queue = open()) {
            submit(queue, Optional.of(SENDER), A);
            agent.awaitTold(2);
        }
        assertThat(kinds()).containsExactly("Queued", "Held");
        assertThat(((DeliveryEvent.Held) agent.told.get(1)).reason()).contains("reset");
        assertThat(lines()).containsExactly("INFO PR-104 held");
    }

    @Test
    void event_operatorsHoldReleaseAndRemove() throws Exception {
        try (QueueManager queue = open()) {
            QueueControl control = new QueueControl(queue);
            control.pause(Domain.parse("one.test"));
            String id = submit(queue, Optional.of(SENDER), A);
            assertThat(control.hold(id)).isEqualTo(1);
            assertThat(control.hold(id)).isZero();
            assertThat(control.release(id)).isEqualTo(1);
            assertThat(control.retry(id)).isEqualTo(1);
            assertThat(control.remove(id)).isEqualTo(1);
        }
        assertThat(kinds()).containsExactly("Queued", "Held", "Released", "Removed");
        assertThat(agent.told).allSatisfy(event -> assertThat(event.at()).isBetween(Instant.EPOCH, clock.instant()));
    }
}
