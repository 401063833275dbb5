// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.List;
import org.postroad.api.Mailbox;
import org.postroad.api.RecipientOutcome;

/**
 * Result of a transaction. Every recipient of the envelope is in one of the lists, in the order of the envelope.
 *
 * @param outcomes the recipients that were decided
 * @param withdrawn the recipients that the server had accepted when the {@link DataGate} refused: nothing was sent, and another
 *     attempt is possible
 * @param contentTaken whether the server accepted any part of the message: it replied 354 to DATA, or accepted a chunk
 */
public record TransactionResult(List<RecipientOutcome> outcomes, List<Mailbox> withdrawn, boolean contentTaken) {

    public TransactionResult {
        outcomes = List.copyOf(outcomes);
        withdrawn = List.copyOf(withdrawn);
    }
}
