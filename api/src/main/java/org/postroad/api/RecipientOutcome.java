// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Optional;

/**
 * The result of one contact for one recipient.
 *
 * @param recipient the recipient
 * @param stage the stage at which the outcome was determined
 * @param outcome the outcome
 */
public record RecipientOutcome(Mailbox recipient, Stage stage, Outcome outcome) {

    /** {@return why the mail was not delivered; empty if it was accepted} */
    public Optional<BounceClass> bounceClass() {
        return outcome.bounceClass(stage);
    }
}
