// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import org.postroad.api.Attempt;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecipientReport.DecidedBy;
import org.postroad.api.RemoteMta.Role;
import org.postroad.api.Stage;
import org.postroad.provider.internal.route.ErrorPolicy.Disposition;

/**
 * The result of one attempt for one recipient.
 *
 * @param attempt the attempt
 * @param result stage and outcome for the recipient
 */
record RecipientAttempt(Attempt attempt, RecipientOutcome result) {

    Mailbox recipient() {
        return result.recipient();
    }

    Role role() {
        return attempt.remote().role();
    }

    Disposition meaning() {
        return ErrorPolicy.meaning(result.stage(), result.outcome());
    }

    EnhancedStatus status() {
        return ErrorPolicy.status(result.stage(), result.outcome());
    }

    /** Returns whether this is a 4yz reply of a remote MTA. */
    boolean isTransientReply() {
        return result.outcome() instanceof Outcome.Refused refused
                && refused.reply().isTransientFailure();
    }

    /** Returns whether the host was not reached: it did not answer, or the connection was lost. */
    boolean isUnreachable() {
        return result.outcome() instanceof Outcome.NoAnswer || result.outcome() instanceof Outcome.BadConnection;
    }

    /**
     * Returns whether the result concerns TLS at this address: another address of the host may be another server with another certificate.
     */
    boolean concernsTlsOfAddress() {
        return result.stage() == Stage.STARTTLS;
    }

    /**
     * Returns whether the result concerns TLS for the host's name. Another host at the same address may have other TLSA records, another
     * certificate (by SNI), or be listed in the MTA-STS policy.
     */
    boolean concernsTlsOfName() {
        return concernsTlsOfAddress() && result.outcome() instanceof Outcome.HostUnsuitable;
    }

    DecidedBy decidedBy() {
        return new DecidedBy(attempt.remote(), result.stage(), result.outcome(), attempt.tls());
    }

    /** Returns a human-readable description, for reports that show the status separately. */
    String describe() {
        String what = result.outcome() instanceof Outcome.HostUnsuitable unfit
                ? unfit.detail()
                : result.outcome().describeAt(attempt.remote());
        return attempt.remote() + ", " + result.stage() + ": " + what;
    }
}
