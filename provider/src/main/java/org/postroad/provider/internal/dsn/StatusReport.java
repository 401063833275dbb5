// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import org.postroad.api.Domain;
import org.postroad.api.RemoteMta;

/** The part for programs: fields about the message, then a group of fields for each recipient (RFC 3464 §2). */
final class StatusReport {

    private StatusReport() {}

    static Fields of(DeliveryNotice notice, Form form) {
        Fields fields = new Fields();
        notice.submission().envelope().id().ifPresent(id -> fields.add("Original-Envelope-Id", id));
        fields.add("Reporting-MTA", "dns; " + new Domain(notice.reporter()));
        fields.add("Arrival-Date", Dates.inHeader(notice.submission().arrivedAt()));
        for (RecipientStatus recipient : notice.recipients()) {
            fields.endGroup();
            addRecipient(fields, notice.event(), recipient, form);
        }
        return fields;
    }

    private static void addRecipient(Fields fields, Event event, RecipientStatus recipient, Form form) {
        RecipientStatus.Address address = recipient.address();
        address.original().ifPresent(original -> fields.add("Original-Recipient", form.address(original)));
        fields.add("Final-Recipient", form.address(address.current()));
        fields.add("Action", event.action());
        fields.add("Status", recipient.status().toString());
        recipient.remote().map(RemoteMta::host).ifPresent(host -> fields.add("Remote-MTA", "dns; " + new Domain(host)));
        recipient
                .reply()
                .ifPresent(reply -> fields.add("Diagnostic-Code", "smtp; " + form.words(ReplyText.line(reply))));
        recipient.lastAttempt().ifPresent(last -> fields.add("Last-Attempt-Date", Dates.inHeader(last.at())));
        recipient.retryUntil().ifPresent(until -> fields.add("Will-Retry-Until", Dates.inHeader(until)));
    }
}
