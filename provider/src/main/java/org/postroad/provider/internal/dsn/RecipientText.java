// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.util.ArrayList;
import java.util.List;
import org.postroad.api.HostName;
import org.postroad.api.Printable;
import org.postroad.api.RemoteMta;

/** Human-readable text about one recipient: what happened, what to do, and the server's reply. */
final class RecipientText {

    private static final int BLOCK = 8;
    private static final int QUOTE = 12;

    /** Replaces a recipient's address; never occurs in cleaned text. */
    private static final String MASK = "\0";

    private final DeliveryNotice notice;
    private final RecipientStatus recipient;
    private final List<TextBlock> blocks = new ArrayList<>();

    private RecipientText(DeliveryNotice notice, RecipientStatus recipient) {
        this.notice = notice;
        this.recipient = recipient;
    }

    /**
     * Text that begins on a new line.
     *
     * @param indent the number of spaces before each of its lines
     * @param words not wrapped yet; empty for an empty line
     */
    record TextBlock(int indent, String words) {

        private static final TextBlock GAP = new TextBlock(0, "");

        void addTo(Paragraphs text) {
            if (words.isEmpty()) {
                text.gap();
            } else {
                text.add(indent, words);
            }
        }
    }

    static List<TextBlock> of(DeliveryNotice notice, RecipientStatus recipient) {
        RecipientText text = new RecipientText(notice, recipient);
        switch (notice.event()) {
            case FAILED -> text.addFailure();
            case DELAYED -> text.addDelay();
            case RELAYED -> text.addBlock(text.serverName() + " took it. It sends no confirmations.");
        }
        return text.blocks;
    }

    /** Replaces the recipient's own address, so that texts that differ only in that address become equal. */
    static List<String> masked(List<String> words, RecipientStatus recipient) {
        String address = Printable.clean(recipient.address().current().toString());
        return words.stream().map(text -> text.replace(address, MASK)).toList();
    }

    private void addFailure() {
        Explanation explanation = Explanation.of(recipient);
        boolean timeRanOut = recipient.status().isTransient();
        addBlock(explanation.happened() + (timeRanOut ? " This was still so when we gave up." : ""));
        if (!notice.isDoubleBounce()) { // the advice is for the author of the message
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
            addBlock(serverName() + " answered:");
            ReplyText.lines(reply).forEach(line -> blocks.add(new TextBlock(QUOTE, line)));
            blocks.add(TextBlock.GAP);
        });
    }

    private void addBlock(String words) {
        blocks.add(new TextBlock(BLOCK, words));
        blocks.add(TextBlock.GAP);
    }

    private String serverName() {
        return recipient
                .remote()
                .map(remote -> (remote.role() == RemoteMta.Role.RELAY ? "The relay " : "The mail server ")
                        + remote.host().name().map(HostName::text).orElseGet(() -> "[" + remote.address() + "]"))
                .orElse("The mail server");
    }
}
