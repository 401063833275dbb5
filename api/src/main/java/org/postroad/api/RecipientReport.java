// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Objects;
import java.util.Optional;

/** The result for one recipient, and the reason. */
public final class RecipientReport {

    private final Mailbox recipient;
    private final Verdict verdict;
    private final EnhancedStatus status;
    private final Decision decision;
    private final Optional<DecidedBy> decidedBy;

    /**
     * Creates a report.
     *
     * @param status its class fits the verdict: 2 for DELIVERED and QUEUED, 4 for DEFERRED and IN_DOUBT, 5 for FAILED
     * @param decidedBy empty if no host was contacted
     * @throws IllegalArgumentException if the status does not fit the verdict
     */
    public RecipientReport(
            Mailbox recipient,
            Verdict verdict,
            EnhancedStatus status,
            Decision decision,
            Optional<DecidedBy> decidedBy) {
        boolean fits = switch (verdict) {
            case DELIVERED, QUEUED -> status.isSuccess();
            case FAILED -> status.isPermanent();
            case DEFERRED, IN_DOUBT -> status.isTransient();
        };
        if (!fits) {
            throw new IllegalArgumentException("The status " + status + " does not fit the verdict " + verdict);
        }
        this.recipient = recipient;
        this.verdict = verdict;
        this.status = status;
        this.decision = decision;
        this.decidedBy = decidedBy;
    }

    /** {@return the mailbox} */
    public Mailbox recipient() {
        return recipient;
    }

    /** {@return the result} */
    public Verdict verdict() {
        return verdict;
    }

    /** {@return its enhanced status code} */
    public EnhancedStatus status() {
        return status;
    }

    /** {@return the rule that decided, and the explanation} */
    public Decision decision() {
        return decision;
    }

    /** {@return the contact that decided; empty if no host was contacted} */
    public Optional<DecidedBy> decidedBy() {
        return decidedBy;
    }

    /**
     * A rule and an explanation.
     *
     * @param rule the ID of the requirement, such as {@code END-04}; the section of an RFC if there is none
     * @param explanation one human-readable sentence, cleaned, of at most {@link #MAX_EXPLANATION} characters
     */
    public record Decision(String rule, String explanation) {

        /** The maximum length of an explanation in characters. The rest is cut off, and its length is appended. */
        public static final int MAX_EXPLANATION = 4000;

        public Decision {
            rule = Printable.clean(rule);
            explanation = Printable.clean(explanation, MAX_EXPLANATION);
        }
    }

    /** The contact that decided. */
    public static final class DecidedBy {

        private final RemoteMta remote;
        private final Stage stage;
        private final Outcome outcome;
        private final TlsSummary tls;

        /** Creates the contact that decided. */
        public DecidedBy(RemoteMta remote, Stage stage, Outcome outcome, TlsSummary tls) {
            this.remote = remote;
            this.stage = stage;
            this.outcome = outcome;
            this.tls = tls;
        }

        /** {@return the address contacted} */
        public RemoteMta remote() {
            return remote;
        }

        /** {@return how far the session got} */
        public Stage stage() {
            return stage;
        }

        /** {@return the outcome} */
        public Outcome outcome() {
            return outcome;
        }

        /** {@return the protection of the connection} */
        public TlsSummary tls() {
            return tls;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof DecidedBy that
                    && remote.equals(that.remote)
                    && stage.equals(that.stage)
                    && outcome.equals(that.outcome)
                    && tls.equals(that.tls);
        }

        @Override
        public int hashCode() {
            return Objects.hash(remote, stage, outcome, tls);
        }

        @Override
        public String toString() {
            return "DecidedBy[remote=" + remote + ", stage=" + stage + ", outcome=" + outcome + ", tls=" + tls + "]";
        }
    }

    /** {@return the server reply that decided, if there is one} */
    public Optional<Reply> reply() {
        return decidedBy.flatMap(by -> by.outcome().serverReply());
    }

    /**
     * {@return why the mail was not delivered: the class of the contact that decided or, without one, of the status; empty if the verdict
     * is DELIVERED or QUEUED}
     */
    public Optional<BounceClass> bounceClass() {
        if (verdict == Verdict.DELIVERED || verdict == Verdict.QUEUED) {
            return Optional.empty();
        }
        return decidedBy
                .flatMap(by -> by.outcome().bounceClass(by.stage()))
                .or(() -> Optional.of(BounceRules.ofOwn(status)));
    }

    /** {@return the result without the recipient: {@code FAILED 5.4.4 (END-04): ...}} */
    public String describe() {
        return verdict + " " + status + " (" + decision.rule() + "): " + decision.explanation();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecipientReport that
                && recipient.equals(that.recipient)
                && verdict.equals(that.verdict)
                && status.equals(that.status)
                && decision.equals(that.decision)
                && decidedBy.equals(that.decidedBy);
    }

    @Override
    public int hashCode() {
        return Objects.hash(recipient, verdict, status, decision, decidedBy);
    }

    /** {@return {@code <user@example.org> FAILED 5.4.4 (END-04): ...}} */
    @Override
    public String toString() {
        return "<" + Printable.clean(recipient.toString()) + "> " + describe();
    }
}
