// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import org.postroad.api.BounceClass;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Outcome;
import org.postroad.api.Reply;
import org.postroad.api.Stage;

/**
 * The only class that decides what an error means for the delivery. {@link BounceClass} gives the reason for reports: it reads the
 * text of the reply, which must not stop a delivery or suppress an address. So the methods here are stricter and use codes, except for the
 * text of greylisting.
 *
 * <ul>
 *   <li>A 5yz about the message (MAIL, RCPT, DATA, end of data) is final for the recipient (TRY-02).
 *   <li>A 5yz about the host (greeting, EHLO) leads to the next host. So does a host that we find unsuitable because it lacks an extension
 *       that the message needs (TRY-04).
 *   <li>A refused STARTTLS or AUTH does not concern the message: soft. A wrong password of ours must not bounce mail.
 *   <li>Every 4yz, 421 included, every connect failure and every lost connection is soft (TRY-03, TRY-07).
 *   <li>A reply that fits no command is soft: the server misbehaves, the mail is not at fault.
 *   <li>A connection lost between the end of data and its reply leaves the result in doubt (TRY-05).
 * </ul>
 */
public final class ErrorPolicy {

    private static final int TOO_MANY_RECIPIENTS = 452;
    private static final int TOO_MANY_RECIPIENTS_OF_OLD = 552;

    private static final int COMMAND_REFUSED_FIRST = 500;
    private static final int COMMAND_REFUSED_LAST = 504;

    private static final int SYNTAX_OF_PARAMETERS = 501;
    private static final int UNKNOWN_PARAMETER = 504;
    private static final int PARAMETERS_REFUSED = 555;
    private static final int PARAMETERS_REFUSED_FOR_NOW = 455;

    private static final EnhancedStatus GREYLISTING_4_7_1 = new EnhancedStatus(4, 7, 1);
    private static final EnhancedStatus MOVED_MAILBOX_5_1_6 = new EnhancedStatus(5, 1, 6);
    private static final int GREYLISTED = 450;
    private static final int GREYLISTED_AT_THE_END = 451;

    /** Subjects of an enhanced status code, and one detail. */
    private static final int SECURITY_OR_POLICY = 7;

    private static final int PROTOCOL = 5;
    private static final int INVALID_ARGUMENTS = 4;

    private ErrorPolicy() {}

    /** What an outcome means for a recipient. */
    public enum Disposition {
        /** TRY-01: delivered. */
        DELIVERED,
        /** TRY-02: failed; no other host is tried. */
        REJECTED,
        /** TRY-05: the outcome is unknown; no other host is tried. */
        IN_DOUBT,
        /** TRY-03, TRY-07: still pending; the next address of this host, then the next host. */
        SOFT,
        /** TRY-04: still pending, but the host refused the session; the next host. */
        HOST_REFUSED;

        /** Returns whether the recipient goes on to another address or host (TRY-06). */
        public boolean isOpen() {
            return this == SOFT || this == HOST_REFUSED;
        }
    }

    /** Returns what the outcome at this stage means for its recipient. */
    public static Disposition meaning(Stage stage, Outcome outcome) {
        return outcome.fold(
                accepted -> Disposition.DELIVERED,
                refused -> refusalDisposition(stage, refused.reply()),
                noAnswer -> Disposition.SOFT,
                badConnection -> Disposition.SOFT,
                inDoubt -> Disposition.IN_DOUBT,
                unfit -> unfit.status().isPermanent() ? Disposition.HOST_REFUSED : Disposition.SOFT);
    }

    private static Disposition refusalDisposition(Stage stage, Reply reply) {
        if (!reply.isPermanentFailure()) {
            return Disposition.SOFT;
        }
        return switch (stage) {
            case MAIL, RCPT, DATA, END_OF_DATA -> Disposition.REJECTED;
            case CONNECT, GREETING, EHLO -> Disposition.HOST_REFUSED;
            case STARTTLS, AUTH -> Disposition.SOFT;
        };
    }

    /** Returns the enhanced status of the outcome: the server's, if it sent a suitable one, else ours. */
    public static EnhancedStatus status(Stage stage, Outcome outcome) {
        return outcome.fold(
                accepted -> accepted.reply().status(),
                refused -> refusalStatus(stage, refused.reply()),
                noAnswer -> EnhancedStatus.NO_ANSWER_4_4_1,
                badConnection -> EnhancedStatus.BAD_CONNECTION_4_4_2,
                inDoubt -> EnhancedStatus.BAD_CONNECTION_4_4_2,
                Outcome.HostUnsuitable::status);
    }

    private static EnhancedStatus refusalStatus(Stage stage, Reply reply) {
        if (reply.isPermanentFailure() && stage == Stage.STARTTLS) {
            return EnhancedStatus.SECURITY_FEATURE_4_7_4;
        }
        if (reply.isPermanentFailure() && stage == Stage.AUTH) {
            return EnhancedStatus.CREDENTIALS_INVALID_4_7_8;
        }
        if (reply.isPositive() || reply.isIntermediate()) {
            return EnhancedStatus.PROTOCOL_4_5_0;
        }
        return reply.status();
    }

    /**
     * TRY-08: returns whether a recipient was refused because the transaction has too many recipients. The recipient then goes into a
     * further transaction with the same host (RFC 5321 §4.5.3.1.10).
     *
     * @param acceptedBefore whether the transaction already had an accepted recipient
     */
    public static boolean isTooManyRecipients(Stage stage, Outcome outcome, boolean acceptedBefore) {
        return acceptedBefore
                && stage == Stage.RCPT
                && outcome instanceof Outcome.Refused refused
                && (refused.reply().code() == TOO_MANY_RECIPIENTS
                        || refused.reply().code() == TOO_MANY_RECIPIENTS_OF_OLD);
    }

    /**
     * TRY-09: returns whether this outcome, on a connection that has carried a transaction before, may concern the session and not the
     * message: the connection was lost, 421 included, or MAIL, DATA or BDAT was refused. A reply to RCPT concerns its recipient.
     *
     * @param contentTaken whether the server accepted any part of the message; if so, a refusal concerns the message
     */
    public static boolean mayConcernSession(Stage stage, Outcome outcome, boolean contentTaken) {
        if (outcome instanceof Outcome.Refused refused) {
            return refused.reply().closesConnection() || (!contentTaken && stage != Stage.RCPT);
        }
        return outcome instanceof Outcome.BadConnection;
    }

    /** Returns whether the connection was lost, with or without 421. */
    public static boolean isConnectionLost(Outcome outcome) {
        return outcome instanceof Outcome.BadConnection
                || outcome instanceof Outcome.InDoubt
                || (outcome instanceof Outcome.Refused refused
                        && refused.reply().closesConnection());
    }

    /**
     * Returns whether this is greylisting: 450 or 451 with 4.7.1, or with the {@link BounceClass} of that name because of its text (RFC 6647
     * §5.1). The retry must come from the same address; from another one, the waiting time starts again.
     */
    public static boolean isGreylisting(Stage stage, Outcome outcome) {
        return outcome instanceof Outcome.Refused refused
                && (refused.reply().code() == GREYLISTED || refused.reply().code() == GREYLISTED_AT_THE_END)
                && (refused.reply().status().equals(GREYLISTING_4_7_1)
                        || outcome.bounceClass(stage)
                                .filter(BounceClass.GREYLISTING::equals)
                                .isPresent());
    }

    /** Returns whether this is a policy refusal (RFC 3463 §3.8). A host's policy may differ between IP families. */
    public static boolean isPolicyRefusal(Outcome outcome) {
        return outcome instanceof Outcome.Refused refused
                && refused.reply().isPermanentFailure()
                && refused.reply().status().subject() == SECURITY_OR_POLICY;
    }

    /** Returns whether the mailbox does not exist: 5.1.1, or 5.1.6, moved without a new address (RFC 3463 §3.2). */
    public static boolean isUnknownMailbox(Stage stage, Outcome outcome) {
        return stage == Stage.RCPT
                && outcome instanceof Outcome.Refused refused
                && (refused.reply().status().equals(EnhancedStatus.BAD_MAILBOX_5_1_1)
                        || refused.reply().status().equals(MOVED_MAILBOX_5_1_6));
    }

    /**
     * Returns whether a refusal of the message concerns the command used to send it: a server that announces CHUNKING (RFC 3030) but does
     * not implement BDAT may accept the message by DATA.
     */
    public static boolean isCommandRefused(Stage stage, Outcome outcome) {
        return (stage == Stage.DATA || stage == Stage.END_OF_DATA)
                && outcome instanceof Outcome.Refused refused
                && isCommandRefused(refused.reply());
    }

    /**
     * Returns whether this reply concerns the command itself and not its content (RFC 5321 §4.2.2): it was not understood or came at the
     * wrong time. From a server that announces PIPELINING (RFC 2920) it can mean that it does not handle command groups.
     */
    public static boolean isCommandRefused(Reply reply) {
        return reply.code() >= COMMAND_REFUSED_FIRST && reply.code() <= COMMAND_REFUSED_LAST;
    }

    /**
     * Returns whether this reply concerns a parameter of MAIL or RCPT and not the address: 555 or 455 (RFC 5321 §4.1.1.11), or the detail
     * "invalid command arguments" (RFC 3463 §3.6) with any reply code.
     */
    public static boolean isParameterRefused(Reply reply) {
        return reply.code() == PARAMETERS_REFUSED
                || reply.code() == PARAMETERS_REFUSED_FOR_NOW
                || reply.enhancedStatus()
                        .filter(status -> status.subject() == PROTOCOL && status.detail() == INVALID_ARGUMENTS)
                        .isPresent();
    }

    /**
     * Returns whether the reply may concern a parameter: also 501 and 504, syntax error in or unknown parameters (RFC 5321 §4.2.2), unless
     * the enhanced status gives another reason.
     */
    public static boolean mayMeanParameters(Reply reply) {
        boolean ofParameters = reply.code() == SYNTAX_OF_PARAMETERS || reply.code() == UNKNOWN_PARAMETER;
        return isParameterRefused(reply)
                || (ofParameters
                        && reply.enhancedStatus()
                                .filter(status -> status.subject() != PROTOCOL && status.subject() != 0)
                                .isEmpty());
    }
}
