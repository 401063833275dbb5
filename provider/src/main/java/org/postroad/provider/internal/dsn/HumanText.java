// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;

/**
 * Writes the human-readable part: first, for the sender, which address, what happened and what to do; then, for a mail administrator, every
 * attempt. Its size is limited, however many recipients there are; the machine-readable part lists all of them.
 */
final class HumanText {

    /** Maximum number of history lines shown per recipient, the newest ones. The others are counted. */
    static final int MAX_HISTORY = 50;

    /** Maximum number of addresses listed for one reason. The others are counted. */
    static final int MAX_ADDRESSES = 100;

    /** Length in characters of each of the two recipient sections after which no further group begins. */
    static final int MAX_SECTION = 32 * 1024;

    private static final int ADDRESS = 4;
    private static final int BLOCK = 8;

    private final DeliveryNotice notice;
    private final Paragraphs text = new Paragraphs();

    private HumanText(DeliveryNotice notice) {
        this.notice = notice;
    }

    /** Returns the text, in lines that end in CRLF. */
    static String of(DeliveryNotice notice, ReturnedContent returned) {
        HumanText human = new HumanText(notice);
        human.addIntroduction();
        human.addReasons();
        human.addNextSteps();
        human.addClosing(returned);
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
                (notice.isDoubleBounce()
                                ? "A message from the null sender, mostly a notice about other mail, "
                                : "Your message ")
                        + subject + "of " + Dates.toTheMinute(submission.arrivedAt())
                        + switch (notice.event()) {
                            case FAILED -> " could not be delivered to " + addresses + ":";
                            case DELAYED -> " has not yet been delivered to " + addresses + ":";
                            case RELAYED -> " was passed on for " + addresses + ":";
                        });
        text.gap();
    }

    /** Lists recipients with the same explanation together. */
    private void addReasons() {
        addGroups(
                recipient -> RecipientText.masked(
                        blocks(recipient).stream()
                                .map(RecipientText.TextBlock::words)
                                .toList(),
                        recipient),
                group -> {
                    group.stream().limit(MAX_ADDRESSES).forEach(this::addAddress);
                    if (group.size() > MAX_ADDRESSES) {
                        text.add(ADDRESS, inTheReport(group.size() - MAX_ADDRESSES));
                    }
                    text.gap();
                    blocks(group.get(0)).forEach(block -> block.addTo(text));
                });
    }

    /**
     * Groups the recipients by a key and writes each group once, from its first recipient. Recipients beyond the limit of the section are
     * counted.
     */
    private void addGroups(Function<RecipientStatus, Object> sameness, Consumer<List<RecipientStatus>> writer) {
        Map<Object, List<RecipientStatus>> groups = new LinkedHashMap<>();
        for (RecipientStatus recipient : notice.recipients()) {
            groups.computeIfAbsent(sameness.apply(recipient), key -> new ArrayList<>())
                    .add(recipient);
        }
        int end = text.length() + MAX_SECTION;
        int left = notice.recipients().size();
        for (List<RecipientStatus> group : groups.values()) {
            if (text.length() >= end) {
                text.add(ADDRESS, inTheReport(left));
                text.gap();
                return;
            }
            writer.accept(group);
            left -= group.size();
        }
    }

    private static String inTheReport(int addresses) {
        return "(" + (addresses == 1 ? "1 more address" : addresses + " more addresses")
                + "; all are in the delivery report that comes with this text)";
    }

    private void addAddress(RecipientStatus recipient) {
        text.add(ADDRESS, shown(recipient.address().current()));
        otherOriginal(recipient)
                .ifPresent(original -> text.add(ADDRESS, "(you wrote to " + shown(original) + ", which leads there)"));
    }

    private List<RecipientText.TextBlock> blocks(RecipientStatus recipient) {
        return RecipientText.of(notice, recipient);
    }

    private void addNextSteps() {
        if (notice.isDoubleBounce()) {
            text.add(
                    0,
                    "This is final. No notice may be sent to the null sender, so no one else is informed. You receive this"
                            + " as postmaster of this system.");
            text.gap();
            return;
        }
        text.add(
                0,
                switch (notice.event()) {
                    case FAILED ->
                        "This is final: we do not try again. If the message has other recipients, nothing is"
                                + " said about them here.";
                    case DELAYED ->
                        "You need not do anything. Please do not send the message again: it might arrive"
                                + " twice. If we finally give up, we will inform you, unless you asked us not to.";
                    case RELAYED ->
                        "Nothing is wrong. This is as far as we can follow the message, and we do"
                                + " not send any further confirmation.";
                });
        text.gap();
    }

    private void addClosing(ReturnedContent returned) {
        String message = notice.isDoubleBounce() ? "The message" : "Your message";
        String ofMessage = notice.isDoubleBounce() ? "the message" : "your message";
        switch (returned) {
            // The message may be reduced to its header when the notice is sent.
            case FULL ->
                text.add(
                        0, message + " is attached. If it could not be returned in full, only its header is attached.");
            case HEADERS ->
                text.add(0, "The header of " + ofMessage + " is attached, so that you can tell which one it was.");
            case NOTHING -> text.add(0, "Nothing of " + ofMessage + " could be attached.");
        }
        text.gap();
        text.add(0, "The mail system of " + new Domain(notice.reporter()));
        text.gap();
    }

    private void addDetails() {
        text.gap();
        text.add(0, "Technical details for mail administrators");
        text.add(0, "=========================================");
        notice.submission().envelope().id().ifPresent(id -> {
            text.gap();
            text.add(0, "Envelope id: " + id);
        });
        addGroups(this::details, group -> {
            RecipientStatus first = group.get(0);
            int others = group.size() - 1;
            text.gap();
            text.add(
                    0,
                    shown(first.address().current())
                            + (others == 0 ? "" : others == 1 ? " and another" : " and " + others + " others") + ": "
                            + notice.event().action() + ", " + first.status());
            addHistory(first.history());
        });
    }

    /** Returns the key of recipients whose details are shown once. */
    private List<String> details(RecipientStatus recipient) {
        List<RecipientStatus.HistoryLine> history = recipient.history();
        List<String> details = new ArrayList<>();
        details.add(recipient.status() + " " + history.size());
        history.subList(earlier(history), history.size()).forEach(line -> details.add(line.at() + " " + line.words()));
        return RecipientText.masked(details, recipient);
    }

    /** Returns the number of lines that are only counted. */
    private static int earlier(List<RecipientStatus.HistoryLine> history) {
        return Math.max(0, history.size() - MAX_HISTORY);
    }

    private void addHistory(List<RecipientStatus.HistoryLine> history) {
        int left = earlier(history);
        if (left > 0) {
            text.add(ADDRESS, "(" + left + " earlier)");
        }
        for (RecipientStatus.HistoryLine line : history.subList(left, history.size())) {
            text.add(ADDRESS, Dates.toTheSecond(line.at()));
            text.add(BLOCK, line.words());
        }
    }

    private static Optional<Mailbox> otherOriginal(RecipientStatus recipient) {
        RecipientStatus.Address address = recipient.address();
        return address.original().filter(original -> !original.equals(address.current()));
    }

    private static String shown(Mailbox mailbox) {
        return Printable.clean(mailbox.toString());
    }
}
