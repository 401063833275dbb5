// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import jakarta.mail.Address;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.postroad.api.DeliveryReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.InvalidRecipient;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.RecipientReport;
import org.postroad.api.Reply;
import org.postroad.api.Stage;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.jakarta.Recipients.ParsedRecipient;
import org.postroad.provider.internal.route.ErrorPolicy;

/**
 * The results of a report in the form of Jakarta Mail: by the caller's own addresses, in the caller's order.
 *
 * @param all one result for each address
 */
public record Results(List<AddressResult> all) {

    /** A 552 to RCPT concerns storage and not the address. The SMTP transport of Jakarta Mail classifies it in the same way. */
    private static final int STORAGE = 552;

    /** RFC 5321 §4.2.3: syntax error in parameters. */
    private static final int BAD_SYNTAX = 501;

    /** The arrays of a {@link jakarta.mail.SendFailedException}. */
    public enum ResultKind {
        /** Accepted by a remote MTA, or stored in our own queue. */
        VALID_SENT,
        /** Failed for a reason other than the address, deferred, held back, or in doubt. */
        VALID_UNSENT,
        /** The address itself is at fault. */
        INVALID
    }

    /**
     * The result for one address.
     *
     * @param recipient the address for display, without control characters
     * @param code the basic reply code: the server's, else the one that corresponds to our status
     * @param reason what happened and why, human-readable, without the recipient
     */
    public record AddressResult(InternetAddress address, String recipient, ResultKind kind, int code, String reason) {

        /** Returns one human-readable line. */
        public String text() {
            return "<" + recipient + "> " + reason;
        }
    }

    public Results {
        all = List.copyOf(all);
    }

    /** Converts a report. */
    public static Results of(Recipients recipients, DeliveryReport report) {
        Map<Mailbox, RecipientReport> reports = new HashMap<>();
        report.recipients().forEach(recipient -> reports.put(recipient.recipient(), recipient));
        List<AddressResult> all = new ArrayList<>();
        for (ParsedRecipient recipient : recipients.all()) {
            all.add(recipient.fold(
                    valid -> result(valid.address(), Objects.requireNonNull(reports.get(valid.mailbox()))),
                    Results::result));
        }
        return new Results(all);
    }

    private static AddressResult result(Recipients.Invalid invalid) {
        InvalidRecipient report = invalid.report();
        return new AddressResult(
                invalid.address(),
                Printable.clean(report.address()),
                ResultKind.INVALID,
                BAD_SYNTAX,
                report.describe());
    }

    private static AddressResult result(InternetAddress address, RecipientReport report) {
        ResultKind kind = report.verdict() == Verdict.DELIVERED || report.verdict() == Verdict.QUEUED
                ? ResultKind.VALID_SENT
                : isAddressAtFault(report) ? ResultKind.INVALID : ResultKind.VALID_UNSENT;
        int code = report.reply().map(Reply::code).orElseGet(() -> code(report.status()));
        return new AddressResult(
                address, Printable.clean(report.recipient().toString()), kind, code, report.describe());
    }

    private static boolean isAddressAtFault(RecipientReport report) {
        if (report.verdict() != Verdict.FAILED) {
            return false;
        }
        // A refused parameter does not concern the address either.
        boolean refusedAtRcpt =
                report.decidedBy().filter(by -> by.stage() == Stage.RCPT).isPresent()
                        && report.reply()
                                .filter(reply -> reply.code() != STORAGE && !ErrorPolicy.isParameterRefused(reply))
                                .isPresent();
        return refusedAtRcpt
                || (report.decidedBy().isEmpty() && report.status().equals(EnhancedStatus.BAD_MAILBOX_5_1_1))
                || report.status().equals(EnhancedStatus.BAD_DESTINATION_SYSTEM_5_1_2)
                || report.status().equals(EnhancedStatus.NULL_MX_5_1_10);
    }

    /** Returns the reply code for a status (RFC 5321 §4.2.3, RFC 7504 §4). */
    private static int code(EnhancedStatus status) {
        if (status.isTransient()) {
            return 451;
        }
        if (status.equals(EnhancedStatus.NULL_MX_5_1_10)) {
            return 556;
        }
        if (status.equals(EnhancedStatus.BAD_SENDER_SYNTAX_5_1_7)) {
            return BAD_SYNTAX;
        }
        return status.equals(EnhancedStatus.BAD_DESTINATION_SYSTEM_5_1_2) ? 550 : 554;
    }

    /** Returns the addresses of one kind. */
    public Address[] addresses(ResultKind kind) {
        List<Address> addresses = new ArrayList<>();
        for (AddressResult result : all) {
            if (result.kind() == kind) {
                addresses.add(result.address());
            }
        }
        return addresses.toArray(Address[]::new);
    }

    /** Returns the results of all addresses whose mail was not accepted. */
    public List<AddressResult> failures() {
        return all.stream()
                .filter(result -> result.kind() != ResultKind.VALID_SENT)
                .toList();
    }
}
