// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.mail;

import jakarta.mail.Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postroad.api.DeliveryReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.RecipientReport;
import org.postroad.api.Reply;
import org.postroad.api.Stage;
import org.postroad.api.Verdict;

/**
 * A report sorted into the arrays of Jakarta Mail, which hold the caller's own addresses in the caller's order.
 *
 * @param validSent accepted by a remote MTA
 * @param validUnsent failed for another reason than the address, deferred, or in doubt
 * @param invalid the address itself is at fault
 * @param reasons one line for each address that was not accepted, in order
 */
public record Failures(
        List<Address> validSent, List<Address> validUnsent, List<Address> invalid, Map<Address, String> reasons) {

    /** A 552 to RCPT speaks of storage, not of the address; so it was always sorted (jakarta.mail SMTP). */
    private static final int STORAGE = 552;

    /** Sorts. */
    public static Failures of(Recipients recipients, DeliveryReport report) {
        List<Address> sent = new ArrayList<>();
        List<Address> unsent = new ArrayList<>();
        List<Address> invalid = new ArrayList<>(recipients.invalid().keySet());
        Map<Address, String> reasons = new LinkedHashMap<>(recipients.invalid());
        recipients.valid().forEach((address, mailbox) -> {
            RecipientReport result = report.recipient(mailbox).orElseThrow();
            if (result.verdict() == Verdict.DELIVERED) {
                sent.add(address);
            } else {
                (isAddressAtFault(result) ? invalid : unsent).add(address);
                reasons.put(address, result.toString());
            }
        });
        return new Failures(sent, unsent, invalid, reasons);
    }

    private static boolean isAddressAtFault(RecipientReport result) {
        if (result.verdict() != Verdict.FAILED) {
            return false;
        }
        boolean refusedAtRcpt =
                result.decidedBy().filter(by -> by.stage() == Stage.RCPT).isPresent()
                        && result.reply()
                                .map(Reply::code)
                                .filter(code -> code != STORAGE)
                                .isPresent();
        return refusedAtRcpt
                || result.status().equals(EnhancedStatus.BAD_DESTINATION_SYSTEM_5_1_2)
                || result.status().equals(EnhancedStatus.NULL_MX_5_1_10);
    }

    /** Whether everybody's mail was accepted. */
    public boolean isEmpty() {
        return validUnsent.isEmpty() && invalid.isEmpty();
    }
}
