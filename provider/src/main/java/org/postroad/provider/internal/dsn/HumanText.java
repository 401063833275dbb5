// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.util.List;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.api.HostName;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.RemoteMta;

/**
 * The part for people. First, for whoever wrote the message: which address, what happened, what to do. Then, for whoever looks after
 * mail: every attempt.
 */
final class HumanText {

    /** Lines of history that are shown for a recipient, the newest; the rest is counted. */
    static final int MAX_HISTORY = 50;

    private static final int ADDRESS = 4;
    private static final int BLOCK = 8;
    private static final int QUOTE = 12;

    private final DeliveryNotice notice;
    private final Paragraphs text = new Paragraphs();

    private HumanText(DeliveryNotice notice) {
        this.notice = notice;
    }

    /** In lines that end in CRLF. */
    static String of(DeliveryNotice notice, Returned returned) {
        HumanText human = new HumanText(notice);
        human.addIntroduction();
        notice.recipients().forEach(human::addRecipient);
        human.addOutlook();
        human.addFarewell(returned);
        human.addDetails();
        return human.text.toString();
    }

    private void addIntroduction() {
        Submission submission = notice.submission();
        String subject = submission.subject().map(words -> '"' + words + "\" ").orElse("");
        boolean single = notice.recipients().size() == 1;
        String addresses =
                single ? "this address" : "these " + notice.recipients().size() + " addresses";
        text.add(
                0,
                "Your message " + subject + "of " + Dates.toTheMinute(submission.arrivedAt())
                        + switch (notice.event()) {
                            case FAILED -> " could not be delivered to " + addresses + ":";
                            case DELAYED -> " has not yet been delivered to " + addresses + ":";
                            case RELAYED -> " was passed on for " + addresses + ":";
                            case EXPANDED -> " was passed on to everybody behind " + addresses + ":";
                        });
        text.gap();
    }

    private void addRecipient(RecipientStatus recipient) {
        text.add(ADDRESS, shown(recipient.address().current()));
        otherOriginal(recipient)
                .ifPresent(original -> text.add(ADDRESS, "(you wrote to " + shown(original) + ", which leads there)"));
        text.gap();
        switch (notice.event()) {
            case FAILED -> addFailure(recipient);
            case DELAYED -> addDelay(recipient);
            case RELAYED -> addSuccess(taker(recipient) + " took it. It sends no confirmations.");
            case EXPANDED ->
                addSuccess("The address stands for several others. Each of them gets the message on its own.");
        }
    }

    private void addFailure(RecipientStatus recipient) {
        Explanation explanation = Explanation.of(recipient);
        boolean timeRanOut = recipient.status().isTransient();
        text.add(BLOCK, explanation.happened() + (timeRanOut ? " This was still so when we gave up." : ""));
        text.gap();
        text.add(BLOCK, "What you can do: " + explanation.advice());
        text.gap();
        addReply(recipient);
    }

    private void addDelay(RecipientStatus recipient) {
        text.add(BLOCK, Explanation.of(recipient).happened());
        text.gap();
        addReply(recipient);
        recipient.retryUntil().ifPresent(until -> {
            text.add(BLOCK, "We keep trying until " + Dates.toTheMinute(until) + ".");
            text.gap();
        });
    }

    private void addSuccess(String words) {
        text.add(BLOCK, words);
        text.gap();
    }

    private void addReply(RecipientStatus recipient) {
        recipient.reply().ifPresent(reply -> {
            text.add(BLOCK, taker(recipient) + " answered:");
            text.gap();
            ReplyText.lines(reply).forEach(line -> text.add(QUOTE, line));
            text.gap();
        });
    }

    private void addOutlook() {
        text.add(
                0,
                switch (notice.event()) {
                    case FAILED ->
                        "This is final: we do not try again. If the message has other recipients, nothing is"
                                + " said about them here.";
                    case DELAYED ->
                        "You need not do anything. Please do not send the message again: it might arrive"
                                + " twice. If we have to give up in the end we tell you, unless you asked us not to.";
                    case RELAYED, EXPANDED ->
                        "Nothing is wrong. This is as far as we can follow the message, and we do"
                                + " not send any further confirmation.";
                });
        text.gap();
    }

    private void addFarewell(Returned returned) {
        switch (returned) {
            // The way back decides how much of it arrives.
            case FULL ->
                text.add(0, "Your message is attached. Where it could not be sent back whole, only its header is.");
            case HEADERS ->
                text.add(0, "The header of your message is attached, so that you can tell which one it was.");
            case NOTHING -> text.add(0, "Nothing of your message could be attached.");
        }
        text.gap();
        text.add(0, "The mail system of " + new Domain(notice.reporter()));
        text.gap();
    }

    private void addDetails() {
        text.gap();
        text.add(0, "Technical details, for whoever looks after mail");
        text.add(0, "===============================================");
        notice.submission().envelope().id().ifPresent(id -> {
            text.gap();
            text.add(0, "Envelope id: " + id);
        });
        for (RecipientStatus recipient : notice.recipients()) {
            text.gap();
            text.add(
                    0,
                    shown(recipient.address().current()) + ": " + notice.event().action() + ", " + recipient.status());
            addHistory(recipient.history());
        }
    }

    private void addHistory(List<RecipientStatus.Line> history) {
        int left = Math.max(0, history.size() - MAX_HISTORY);
        if (left > 0) {
            text.add(ADDRESS, "(" + left + " earlier)");
        }
        for (RecipientStatus.Line line : history.subList(left, history.size())) {
            text.add(ADDRESS, Dates.toTheSecond(line.at()));
            text.add(BLOCK, line.words());
        }
    }

    private static String taker(RecipientStatus recipient) {
        return recipient
                .remote()
                .map(remote -> (remote.role() == RemoteMta.Role.RELAY ? "The relay " : "The mail server ")
                        + remote.host().name().map(HostName::text).orElseGet(() -> "[" + remote.address() + "]"))
                .orElse("The mail server");
    }

    private static Optional<Mailbox> otherOriginal(RecipientStatus recipient) {
        RecipientStatus.Address address = recipient.address();
        return address.original().filter(original -> !original.equals(address.current()));
    }

    private static String shown(Mailbox mailbox) {
        return Printable.clean(mailbox.toString());
    }
}
