// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.util.ArrayList;
import java.util.List;
import org.postroad.api.HostName;
import org.postroad.api.Printable;
import org.postroad.api.RemoteMta;

/** What is said about one recipient, for people: what happened, what to do, and what the server answered. */
final class RecipientText {

    private static final int BLOCK = 8;
    private static final int QUOTE = 12;

    /** In the place of a recipient's address; in no clean text. */
    private static final String MASK = "\0";

    private final DeliveryNotice notice;
    private final RecipientStatus recipient;
    private final List<Passage> passages = new ArrayList<>();

    private RecipientText(DeliveryNotice notice, RecipientStatus recipient) {
        this.notice = notice;
        this.recipient = recipient;
    }

    /**
     * Words that begin on a line of their own.
     *
     * @param indent spaces before each of their lines
     * @param words not wrapped yet; none for an empty line
     */
    record Passage(int indent, String words) {

        private static final Passage GAP = new Passage(0, "");

        void addTo(Paragraphs text) {
            if (words.isEmpty()) {
                text.gap();
            } else {
                text.add(indent, words);
            }
        }
    }

    static List<Passage> of(DeliveryNotice notice, RecipientStatus recipient) {
        RecipientText text = new RecipientText(notice, recipient);
        switch (notice.event()) {
            case FAILED -> text.addFailure();
            case DELAYED -> text.addDelay();
            case RELAYED -> text.addBlock(text.taker() + " took it. It sends no confirmations.");
            case EXPANDED ->
                text.addBlock("The address stands for several others. Each of them gets the message on its own.");
        }
        return text.passages;
    }

    /** The same words for all recipients for whom they differ by nothing but the recipient's own address. */
    static List<String> masked(List<String> words, RecipientStatus recipient) {
        String address = Printable.clean(recipient.address().current().toString());
        return words.stream().map(text -> text.replace(address, MASK)).toList();
    }

    private void addFailure() {
        Explanation explanation = Explanation.of(recipient);
        boolean timeRanOut = recipient.status().isTransient();
        addBlock(explanation.happened() + (timeRanOut ? " This was still so when we gave up." : ""));
        if (!notice.isDoubleBounce()) { // it is advice for whoever wrote the message
            addBlock("What you can do: " + explanation.advice());
        }
        addReply();
    }

    private void addDelay() {
        addBlock(Explanation.of(recipient).happened());
        addReply();
        recipient.retryUntil().ifPresent(until -> addBlock("We keep trying until " + Dates.toTheMinute(until) + "."));
    }

    private void addReply() {
        recipient.reply().ifPresent(reply -> {
            addBlock(taker() + " answered:");
            ReplyText.lines(reply).forEach(line -> passages.add(new Passage(QUOTE, line)));
            passages.add(Passage.GAP);
        });
    }

    private void addBlock(String words) {
        passages.add(new Passage(BLOCK, words));
        passages.add(Passage.GAP);
    }

    private String taker() {
        return recipient
                .remote()
                .map(remote -> (remote.role() == RemoteMta.Role.RELAY ? "The relay " : "The mail server ")
                        + remote.host().name().map(HostName::text).orElseGet(() -> "[" + remote.address() + "]"))
                .orElse("The mail server");
    }
}
