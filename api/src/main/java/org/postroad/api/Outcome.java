// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Optional;
import java.util.function.Function;

/**
 * What one contact with one remote MTA decided, or did not decide, for one recipient. What follows from it is the algorithm's business.
 *
 * <p>An outcome may be kept for long, with many others: of a reply it keeps no more than {@link #MAX_REPLY}.
 *
 * <p>A detail is for people, and may quote the server; it is cleaned as it comes in, so that no way of showing an outcome can forget to.
 */
public sealed interface Outcome {

    /** The {@link Reply#weight() weight} of a reply in an outcome; what a server says beyond it is counted and not kept. */
    int MAX_REPLY = 4096;

    /**
     * The server took the message for this recipient: a 2yz to the end of data.
     *
     * @param dsn whether it knows DSN (RFC 3461), and so reports success itself where that was asked for
     */
    record Accepted(Reply reply, boolean dsn) implements Outcome {
        public Accepted {
            reply = reply.shortened(MAX_REPLY);
        }
    }

    /** The server said no, with a 4yz or 5yz (or a reply that fits no command). */
    record Refused(Reply reply) implements Outcome {
        public Refused {
            reply = reply.shortened(MAX_REPLY);
        }
    }

    /** No connection came about: refused, unreachable, or not answered in time. */
    record NoAnswer(String detail) implements Outcome {
        public NoAnswer {
            detail = Printable.clean(detail);
        }
    }

    /** The connection broke, timed out, or carried garbage, before the end of data was sent. */
    record BadConnection(String detail) implements Outcome {
        public BadConnection {
            detail = Printable.clean(detail);
        }
    }

    /** The connection was lost after the end of data was sent and before its reply (RFC 1047): nobody knows. */
    record InDoubt(String detail) implements Outcome {
        public InDoubt {
            detail = Printable.clean(detail);
        }
    }

    /**
     * The session did not get to this recipient because of something this host lacks or does not prove, found by us:
     * an extension that the message needs, TLS that policy demands.
     *
     * @param status 4.y.z or 5.y.z
     */
    record Unfit(EnhancedStatus status, String detail) implements Outcome {
        public Unfit {
            detail = Printable.clean(detail);
        }
    }

    /** The result of the function that fits. */
    default <R> R fold(
            Function<Accepted, R> ifAccepted,
            Function<Refused, R> ifRefused,
            Function<NoAnswer, R> ifNoAnswer,
            Function<BadConnection, R> ifBadConnection,
            Function<InDoubt, R> ifInDoubt,
            Function<Unfit, R> ifUnfit) {
        if (this instanceof Accepted accepted) {
            return ifAccepted.apply(accepted);
        } else if (this instanceof Refused refused) {
            return ifRefused.apply(refused);
        } else if (this instanceof NoAnswer noAnswer) {
            return ifNoAnswer.apply(noAnswer);
        } else if (this instanceof BadConnection badConnection) {
            return ifBadConnection.apply(badConnection);
        } else if (this instanceof InDoubt inDoubt) {
            return ifInDoubt.apply(inDoubt);
        }
        return ifUnfit.apply((Unfit) this);
    }

    /** The server's reply, where there was one. */
    default Optional<Reply> serverReply() {
        return fold(
                accepted -> Optional.of(accepted.reply()),
                refused -> Optional.of(refused.reply()),
                noAnswer -> Optional.empty(),
                badConnection -> Optional.empty(),
                inDoubt -> Optional.empty(),
                unfit -> Optional.empty());
    }

    /**
     * The same as {@link #describe()} where the address has been named: the detail of a dial begins with it, and may say for itself that
     * there was no answer.
     */
    default String describeAt(RemoteMta remote) {
        if (!(this instanceof NoAnswer noAnswer)) {
            return describe();
        }
        String prefix = Printable.clean(remote.toString());
        String detail = noAnswer.detail();
        String rest = detail.startsWith(prefix) ? detail.substring(prefix.length()) : detail;
        String reason = rest.startsWith(":") ? rest.substring(1).strip() : rest.strip();
        return reason.startsWith("no answer") ? reason : "no answer: " + reason;
    }

    /** One line for people, cleaned. */
    default String describe() {
        return fold(
                accepted -> accepted.reply().toString(),
                refused -> refused.reply().toString(),
                noAnswer -> "no answer: " + noAnswer.detail(),
                badConnection -> "bad connection: " + badConnection.detail(),
                inDoubt -> "outcome unknown: " + inDoubt.detail(),
                unfit -> unfit.status() + " " + unfit.detail());
    }
}
