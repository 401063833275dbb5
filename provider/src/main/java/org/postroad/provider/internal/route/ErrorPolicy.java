// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.regex.Pattern;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Outcome;
import org.postroad.api.Reply;
import org.postroad.api.Stage;

/**
 * The one place that decides what an error means.
 *
 * <ul>
 *   <li>A 5yz about the message (MAIL, RCPT, DATA, end of data) is final for the recipient (TRY-02).
 *   <li>A 5yz about the host (greeting, EHLO) sends us to the next host; so does what we find this host unfit for: an
 *       extension that the message needs and this host lacks (TRY-04).
 *   <li>A refused STARTTLS or AUTH says nothing about the message: soft. A wrong password of ours must not bounce mail.
 *   <li>Every 4yz, 421 included, every connect failure and every lost connection is soft (TRY-03, TRY-07).
 *   <li>A reply that fits no command is soft: the server is confused, not the mail wrong.
 *   <li>A connection lost between the end of data and its reply leaves doubt (TRY-05).
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
    private static final Pattern GREYLISTING = Pattern.compile("gr[ae]y[ -]?list", Pattern.CASE_INSENSITIVE);

    /** Subjects of an enhanced status, and a detail. */
    private static final int SECURITY_OR_POLICY = 7;

    private static final int PROTOCOL = 5;
    private static final int INVALID_ARGUMENTS = 4;

    private ErrorPolicy() {}

    /** What the outcome at this stage means for its recipient. */
    public static Meaning meaning(Stage stage, Outcome outcome) {
        return outcome.fold(
                accepted -> Meaning.DELIVERED,
                refused -> refusalMeans(stage, refused.reply()),
                noAnswer -> Meaning.SOFT,
                badConnection -> Meaning.SOFT,
                inDoubt -> Meaning.IN_DOUBT,
                unfit -> unfit.status().isPermanent() ? Meaning.HOST_REFUSED : Meaning.SOFT);
    }

    private static Meaning refusalMeans(Stage stage, Reply reply) {
        if (!reply.isPermanentFailure()) {
            return Meaning.SOFT;
        }
        return switch (stage) {
            case MAIL, RCPT, DATA, END_OF_DATA -> Meaning.REJECTED;
            case CONNECT, GREETING, EHLO -> Meaning.HOST_REFUSED;
            case STARTTLS, AUTH -> Meaning.SOFT;
        };
    }

    /** The enhanced status of the outcome: the server's where it gave one that fits, else ours. */
    public static EnhancedStatus status(Stage stage, Outcome outcome) {
        return outcome.fold(
                accepted -> accepted.reply().status(),
                refused -> refusalStatus(stage, refused.reply()),
                noAnswer -> EnhancedStatus.NO_ANSWER_4_4_1,
                badConnection -> EnhancedStatus.BAD_CONNECTION_4_4_2,
                inDoubt -> EnhancedStatus.BAD_CONNECTION_4_4_2,
                Outcome.Unfit::status);
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
     * TRY-08: whether this refusal of a recipient speaks of the number of recipients in the transaction, so that the recipient
     * goes into a further transaction with the same host (RFC 5321 §4.5.3.1.10).
     *
     * @param acceptedBefore whether the transaction had an accepted recipient already
     */
    public static boolean isTooManyRecipients(Stage stage, Outcome outcome, boolean acceptedBefore) {
        return acceptedBefore
                && stage == Stage.RCPT
                && outcome instanceof Outcome.Refused refused
                && (refused.reply().code() == TOO_MANY_RECIPIENTS
                        || refused.reply().code() == TOO_MANY_RECIPIENTS_OF_OLD);
    }

    /**
     * TRY-09: whether this outcome on a connection that has carried a transaction before may speak of the session and not of the
     * message: the connection was lost, 421 included, or MAIL, DATA or BDAT was refused. A reply to RCPT speaks of its recipient.
     *
     * @param contentTaken whether the server took any part of the message; then a refusal speaks of the message
     */
    public static boolean maySpeakOfSession(Stage stage, Outcome outcome, boolean contentTaken) {
        if (outcome instanceof Outcome.Refused refused) {
            return refused.reply().closesConnection() || (!contentTaken && stage != Stage.RCPT);
        }
        return outcome instanceof Outcome.BadConnection;
    }

    /** Whether the connection was lost, with 421 or without. */
    public static boolean isConnectionLost(Outcome outcome) {
        return outcome instanceof Outcome.BadConnection
                || outcome instanceof Outcome.InDoubt
                || (outcome instanceof Outcome.Refused refused
                        && refused.reply().closesConnection());
    }

    /**
     * Whether this refusal asks us to come again, the same as we were: 450 or 451 with 4.7.1 or a word that says so (RFC 6647 §5.1).
     * A retry from another address would begin anew with it.
     */
    public static boolean isGreylisting(Outcome outcome) {
        return outcome instanceof Outcome.Refused refused
                && (refused.reply().code() == GREYLISTED || refused.reply().code() == GREYLISTED_AT_THE_END)
                && (refused.reply().status().equals(GREYLISTING_4_7_1)
                        || GREYLISTING
                                .matcher(String.join(" ", refused.reply().lines()))
                                .find());
    }

    /** Whether this refusal is one of policy (RFC 3463 §3.8): a host may have one against a family that it has not against the other. */
    public static boolean isPolicyRefusal(Outcome outcome) {
        return outcome instanceof Outcome.Refused refused
                && refused.reply().isPermanentFailure()
                && refused.reply().status().subject() == SECURITY_OR_POLICY;
    }

    /** Whether this refusal says that there is no such mailbox: 5.1.1, or 5.1.6, moved without an address (RFC 3463 §3.2). */
    public static boolean isUnknownMailbox(Stage stage, Outcome outcome) {
        return stage == Stage.RCPT
                && outcome instanceof Outcome.Refused refused
                && (refused.reply().status().equals(EnhancedStatus.BAD_MAILBOX_5_1_1)
                        || refused.reply().status().equals(MOVED_MAILBOX_5_1_6));
    }

    /**
     * Whether this refusal of the message speaks of the command by which it came: a server that announced CHUNKING (RFC 3030) and does not
     * know BDAT may take the message by DATA.
     */
    public static boolean isCommandRefused(Stage stage, Outcome outcome) {
        return (stage == Stage.DATA || stage == Stage.END_OF_DATA)
                && outcome instanceof Outcome.Refused refused
                && isCommandRefused(refused.reply());
    }

    /**
     * Whether this reply speaks of the command as such, and not of what it says (RFC 5321 §4.2.2): it was not understood, or came at a wrong
     * time. Of a server that announced PIPELINING (RFC 2920) it may mean that it cannot take commands together.
     */
    public static boolean isCommandRefused(Reply reply) {
        return reply.code() >= COMMAND_REFUSED_FIRST && reply.code() <= COMMAND_REFUSED_LAST;
    }

    /**
     * Whether this reply speaks of a parameter of MAIL or RCPT, and not of the address: 555 or 455 (RFC 5321 §4.1.1.11), or the detail
     * "invalid command arguments" (RFC 3463 §3.6), with whatever code.
     */
    public static boolean isParameterRefused(Reply reply) {
        return reply.code() == PARAMETERS_REFUSED
                || reply.code() == PARAMETERS_REFUSED_FOR_NOW
                || reply.enhancedStatus()
                        .filter(status -> status.subject() == PROTOCOL && status.detail() == INVALID_ARGUMENTS)
                        .isPresent();
    }

    /**
     * Whether it may speak of one: also 501 and 504, syntax error in or unknown parameters (RFC 5321 §4.2.2), where the server does not
     * say by its status that it means something else.
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
