// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.util.List;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.api.RemoteMta;

/**
 * Writes the machine-readable part: fields about the message, then a group of fields for each recipient (RFC 3464 §2). Each recipient has
 * its own status and complete reply. If all replies together exceed {@link #MAX_REPLIES}, replies longer than an equal share are cut.
 */
final class StatusReport {

    /** Maximum octets of all replies. A notice with more might not be accepted by any mail server. */
    static final int MAX_REPLIES = 2 * 1024 * 1024;

    private static final String CUT = " ...";

    private StatusReport() {}

    static Fields of(DeliveryNotice notice, NoticeEncoding form) {
        Fields fields = new Fields();
        notice.submission().envelope().id().ifPresent(id -> fields.add("Original-Envelope-Id", id));
        fields.add("Reporting-MTA", "dns; " + new Domain(notice.reporter()));
        fields.add("Arrival-Date", Dates.inHeader(notice.submission().arrivedAt()));
        List<Optional<String>> replies = replies(notice.recipients(), form);
        for (int i = 0; i < replies.size(); i++) {
            fields.endGroup();
            addRecipient(fields, notice, i, replies.get(i), form);
        }
        return fields;
    }

    private static List<Optional<String>> replies(List<RecipientStatus> recipients, NoticeEncoding form) {
        List<Optional<String>> replies = recipients.stream()
                .map(recipient -> recipient.reply().map(reply -> form.words(ReplyText.line(reply))))
                .toList();
        long total = replies.stream()
                .flatMap(Optional::stream)
                .mapToLong(LineFolding::octets)
                .sum();
        int share = MAX_REPLIES / recipients.size();
        return total <= MAX_REPLIES
                ? replies
                : replies.stream()
                        .map(reply -> reply.map(words -> within(share, words)))
                        .toList();
    }

    private static String within(int octets, String words) {
        return LineFolding.octets(words) <= octets
                ? words
                : LineFolding.pieces(words, Math.max(1, octets - CUT.length()))
                                .get(0)
                                .strip()
                        + CUT;
    }

    private static void addRecipient(
            Fields fields, DeliveryNotice notice, int index, Optional<String> reply, NoticeEncoding form) {
        RecipientStatus recipient = notice.recipients().get(index);
        RecipientStatus.Address address = recipient.address();
        address.original().ifPresent(original -> fields.add("Original-Recipient", form.address(original)));
        fields.add("Final-Recipient", form.address(address.current()));
        fields.add("Action", notice.event().action());
        fields.add("Status", recipient.status().toString());
        recipient.remote().map(RemoteMta::host).ifPresent(host -> fields.add("Remote-MTA", "dns; " + new Domain(host)));
        reply.ifPresent(words -> fields.add("Diagnostic-Code", "smtp; " + words));
        recipient.lastAttempt().ifPresent(last -> fields.add("Last-Attempt-Date", Dates.inHeader(last.at())));
        recipient.retryUntil().ifPresent(until -> fields.add("Will-Retry-Until", Dates.inHeader(until)));
    }
}
