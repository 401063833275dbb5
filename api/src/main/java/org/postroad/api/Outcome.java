// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Optional;
import java.util.function.Function;

/**
 * The outcome of one contact with one remote MTA for one recipient. The routing algorithm decides what follows from it.
 *
 * <p>Outcomes can be stored for a long time and in large numbers, so an outcome keeps at most {@link #MAX_REPLY} of a server's
 * reply.
 *
 * <p>Details are human-readable and can quote the server. They are cleaned in the constructor, so every form of output is safe.
 */
public sealed interface Outcome {

    /**
     * The maximum {@link Reply#approximateSize() size} of a reply in an outcome. The reply text beyond it is dropped; its length is
     * noted.
     */
    int MAX_REPLY = 4096;

    /**
     * The server accepted the message for this recipient: it replied 2yz to the end of data.
     *
     * @param reply the server's reply
     * @param dsn whether the server supports DSN (RFC 3461), and therefore itself reports success if that was requested
     */
    record Accepted(Reply reply, boolean dsn) implements Outcome {
        public Accepted {
            reply = reply.shortened(MAX_REPLY);
        }
    }

    /**
     * The server refused with a 4yz or 5yz reply, or sent a reply that does not fit the command.
     *
     * @param reply the server's reply
     */
    record Refused(Reply reply) implements Outcome {
        public Refused {
            reply = reply.shortened(MAX_REPLY);
        }
    }

    /**
     * No connection could be established: refused, unreachable, or not answered in time.
     *
     * @param detail human-readable, cleaned
     */
    record NoAnswer(String detail) implements Outcome {
        public NoAnswer {
            detail = Printable.clean(detail);
        }
    }

    /**
     * The connection broke, timed out, or carried invalid data before the end of data was sent.
     *
     * @param detail human-readable, cleaned
     */
    record BadConnection(String detail) implements Outcome {
        public BadConnection {
            detail = Printable.clean(detail);
        }
    }

    /**
     * The connection was lost after the end of data was sent and before the reply arrived (RFC 1047). Whether the server
     * accepted the message is unknown.
     *
     * @param detail human-readable, cleaned
     */
    record InDoubt(String detail) implements Outcome {
        public InDoubt {
            detail = Printable.clean(detail);
        }
    }

    /**
     * We found that this host cannot be used for the message, so the recipient was not offered to it: it lacks an extension
     * that the message needs, or it does not provide the TLS that a policy demands.
     *
     * @param status 4.y.z or 5.y.z
     * @param detail human-readable, cleaned
     */
    record HostUnsuitable(EnhancedStatus status, String detail) implements Outcome {
        public HostUnsuitable {
            detail = Printable.clean(detail);
        }
    }

    /** {@return the result of the function for the actual outcome; the others are not called} */
    default <R> R fold(
            Function<Accepted, R> ifAccepted,
            Function<Refused, R> ifRefused,
            Function<NoAnswer, R> ifNoAnswer,
            Function<BadConnection, R> ifBadConnection,
            Function<InDoubt, R> ifInDoubt,
            Function<HostUnsuitable, R> ifHostUnsuitable) {
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
        return ifHostUnsuitable.apply((HostUnsuitable) this);
    }

    /** {@return the server's reply, if there was one} */
    default Optional<Reply> serverReply() {
        return fold(
                accepted -> Optional.of(accepted.reply()),
                refused -> Optional.of(refused.reply()),
                noAnswer -> Optional.empty(),
                badConnection -> Optional.empty(),
                inDoubt -> Optional.empty(),
                unsuitable -> Optional.empty());
    }

    /**
     * {@return why the mail was not delivered; empty if it was accepted}
     *
     * @param stage the stage at which the outcome was determined
     */
    default Optional<BounceClass> bounceClass(Stage stage) {
        return fold(
                accepted -> Optional.empty(),
                refused -> Optional.of(BounceRules.ofReply(stage, refused.reply())),
                noAnswer -> Optional.of(BounceClass.NETWORK),
                badConnection -> Optional.of(BounceClass.NETWORK),
                inDoubt -> Optional.of(BounceClass.NETWORK),
                unsuitable -> Optional.of(BounceRules.ofOwn(unsuitable.status())));
    }

    /**
     * {@return one human-readable line, cleaned, for output that has already named the address} Unlike {@link #describe()}, it removes
     * the address and a duplicate "no answer" from the detail of a failed connection attempt.
     *
     * @param remote the address that was named
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

    /** {@return one human-readable line, cleaned} */
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
