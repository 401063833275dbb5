// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.provider.internal.envelope.MessageId;
import org.postroad.provider.internal.envelope.Notify;
import org.postroad.provider.internal.envelope.Returned;

/** Which notices are due, what they return of the message, and which values are refused. */
class NoticeRulesTest {

    private static final Optional<Mailbox> SENDER = Optional.of(Samples.SENDER);

    @ParameterizedTest
    @CsvSource({
        "'',                     FAILED DELAYED",
        "NEVER,                  ''",
        "FAILURE,                FAILED",
        "DELAY,                  DELAYED",
        "SUCCESS,                RELAYED",
        "SUCCESS FAILURE,        FAILED RELAYED",
        "FAILURE DELAY,          FAILED DELAYED",
        "SUCCESS FAILURE DELAY,  FAILED DELAYED RELAYED",
        "NEVER FAILURE,          ''"
    })
    void notice_isDueAccordingToNotify(String notify, String events) {
        Set<Notify> requested = words(notify).stream().map(Notify::valueOf).collect(Collectors.toSet());
        List<Event> due = Arrays.stream(Event.values())
                .filter(event -> NoticeRules.isDue(event, SENDER, requested))
                .toList();
        assertThat(due).isEqualTo(words(events).stream().map(Event::valueOf).toList());
    }

    @ParameterizedTest
    @EnumSource(Event.class)
    void notice_isNeverDueToTheNullSender(Event event) {
        Set<Notify> all = Set.of(Notify.SUCCESS, Notify.FAILURE, Notify.DELAY);
        assertThat(NoticeRules.isDue(event, SENDER, all)).isTrue();
        assertThat(NoticeRules.isDue(event, Optional.empty(), all)).isFalse();
        assertThat(NoticeRules.isDue(event, Optional.empty(), Set.of())).isFalse();
    }

    @Test
    void whole_isReturnedOnlyWithAFailureAndIfRequested() {
        OriginalMessage.OriginalFacts small = new OriginalMessage.OriginalFacts(100, true, true, false);
        for (Event event : Event.values()) {
            assertThat(NoticeRules.returned(event, Optional.of(Returned.FULL), small))
                    .isEqualTo(event == Event.FAILED ? ReturnedContent.FULL : ReturnedContent.HEADERS);
            assertThat(NoticeRules.returned(event, Optional.of(Returned.HDRS), small))
                    .isEqualTo(ReturnedContent.HEADERS);
            assertThat(NoticeRules.returned(event, Optional.empty(), small)).isEqualTo(ReturnedContent.HEADERS);
        }
    }

    @ParameterizedTest
    @CsvSource({"262143, FULL", "262144, FULL", "262145, HEADERS"})
    void whole_isReturnedUpToALimit(long size, ReturnedContent returned) {
        assertThat(NoticeRules.MAX_FULL).isEqualTo(262144);
        assertThat(NoticeRules.returned(
                        Event.FAILED,
                        Optional.of(Returned.FULL),
                        new OriginalMessage.OriginalFacts(size, false, false, false)))
                .isEqualTo(returned);
    }

    @Test
    void whole_isReturnedOnlyWithLinesThatCanBeSent() {
        assertThat(NoticeRules.returned(
                        Event.FAILED,
                        Optional.of(Returned.FULL),
                        new OriginalMessage.OriginalFacts(1000, false, false, true)))
                .isEqualTo(ReturnedContent.HEADERS);
    }

    @Test
    void notice_aboutMailFromTheNullSender_isRefused() {
        Submission submission = new Submission(
                new Submission.EnvelopeFacts(Optional.empty(), Optional.empty(), Optional.empty()),
                Samples.ARRIVED,
                Optional.empty(),
                Optional.empty());
        assertThatThrownBy(() -> new DeliveryNotice(
                        Event.FAILED,
                        Samples.REPORTER,
                        submission,
                        List.of(Samples.refused("a@example.org", 550, "no"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the null sender <> needs a postmaster");
    }

    @Test
    void notice_withoutRecipients_isRefused() {
        assertThatThrownBy(Samples::failed)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one recipient");
    }

    @ParameterizedTest
    @CsvSource({
        "FAILED, 5.1.1, true",
        "FAILED, 4.4.1, true",
        "FAILED, 2.0.0, false",
        "DELAYED, 4.4.1, true",
        "DELAYED, 5.1.1, false",
        "DELAYED, 2.0.0, false",
        "RELAYED, 2.0.0, true",
        "RELAYED, 4.4.1, false"
    })
    void status_goesWithTheEvent(Event event, String status, boolean allowed) {
        RecipientStatus recipient =
                Samples.found("a@example.org", EnhancedStatus.tryParse(status).orElseThrow());
        if (allowed) {
            assertThat(new DeliveryNotice(event, Samples.REPORTER, Samples.submission(), List.of(recipient))
                            .recipients())
                    .containsExactly(recipient);
        } else {
            assertThatThrownBy(
                            () -> new DeliveryNotice(event, Samples.REPORTER, Samples.submission(), List.of(recipient)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(status)
                    .hasMessageContaining(event.action());
        }
    }

    @Test
    void onlyADelay_isTriedAgain() {
        RecipientStatus recipient = new RecipientStatus(
                Samples.to("a@example.org"),
                EnhancedStatus.NO_ANSWER_4_4_1,
                Optional.empty(),
                Optional.of(Samples.NOW),
                List.of());
        assertThat(new DeliveryNotice(Event.DELAYED, Samples.REPORTER, Samples.submission(), List.of(recipient)))
                .isNotNull();
        assertThatThrownBy(() -> Samples.failed(recipient))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Only what is delayed is tried again; this is failed");
    }

    @ParameterizedTest
    @CsvSource({"1, true", "99, true", "100, true", "101, false", "0, false"})
    void envelopeId_hasALimit(int length, boolean allowed) {
        checkId("x".repeat(length), allowed);
    }

    @Test
    void envelopeId_isPrintableAscii() {
        checkId("a b", true);
        checkId("a~", true);
        checkId("a\u007f", false);
        checkId("a\r\nb", false);
        checkId("\u00e9", false);
        checkId(" ", false);
    }

    private static void checkId(String id, boolean allowed) {
        if (allowed) {
            assertThat(new Submission.EnvelopeFacts(SENDER, Optional.of(id), Optional.empty()).id())
                    .contains(id);
        } else {
            assertThatThrownBy(() -> new Submission.EnvelopeFacts(SENDER, Optional.of(id), Optional.empty()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("The envelope id");
        }
    }

    @ParameterizedTest
    @CsvSource({"249, true", "250, true", "251, false"})
    void messageId_hasALimit(int length, boolean allowed) {
        String text = "<" + "x".repeat(length - 2) + ">";
        assertThat(MessageId.tryParse(text).isPresent()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"<>", "a@b", "<a b@c>", "<a@b> <c@d>", "<a<b>", "<\u00e9@b>", "'<a\r\nBcc: x>'"})
    void messageId_ofAnotherForm_isRefused(String text) {
        assertThat(MessageId.tryParse(text)).isEmpty();
        assertThatThrownBy(() -> new MessageId(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "69, true", "70, true", "71, false"})
    void boundary_hasALimit(int length, boolean allowed) {
        checkBoundary("x".repeat(length), allowed);
    }

    @Test
    void boundary_allowsOnlyHarmlessCharacters() {
        checkBoundary("=_aZ.9-", true);
        checkBoundary("a\"b", false);
        checkBoundary("a\r\nb", false);
        checkBoundary("a b", false);
    }

    private static void checkBoundary(String boundary, boolean allowed) {
        MessageId id = new MessageId("<a@b>");
        if (allowed) {
            assertThat(new NoticeStamp(Samples.NOW, id, boundary).boundary()).isEqualTo(boundary);
        } else {
            assertThatThrownBy(() -> new NoticeStamp(Samples.NOW, id, boundary))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("The boundary");
        }
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }
}
