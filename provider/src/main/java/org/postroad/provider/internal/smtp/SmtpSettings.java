// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.time.Duration;
import java.util.Set;
import org.postroad.api.Credentials;
import org.postroad.api.Host;

/**
 * How this room behaves. Every time is also capped by the deadline of what is done.
 *
 * @param self what EHLO says: our name, or our address as a literal
 * @param replyTimeout from a command to the end of its reply
 * @param finalReplyTimeout from the end of data to the end of its reply, while the server files the message
 * @param writeTimeout for the server to take what is written at once: a flight, or a block of a message, at most 40 KiB
 * @param pipelining whether PIPELINING is used where it is offered
 * @param chunking whether CHUNKING is used where it is offered
 * @param repetition what is said again, in another way, where it is refused
 * @param secrets what is not shown, whatever server says it, from its greeting on
 */
public record SmtpSettings(
        Host self,
        Duration replyTimeout,
        Duration finalReplyTimeout,
        Duration writeTimeout,
        boolean pipelining,
        boolean chunking,
        Repetition repetition,
        Set<Credentials> secrets) {

    private static final Duration REPLY_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration FINAL_REPLY_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration WRITE_TIMEOUT = Duration.ofMinutes(3);

    public SmtpSettings {
        secrets = Set.copyOf(secrets);
        checkPositive("reply", replyTimeout);
        checkPositive("final reply", finalReplyTimeout);
        checkPositive("write", writeTimeout);
    }

    /** The times of RFC 5321 §4.5.3.2. */
    public static SmtpSettings defaults(Host self) {
        return new SmtpSettings(self, REPLY_TIMEOUT, FINAL_REPLY_TIMEOUT, WRITE_TIMEOUT, true, true);
    }

    /** Settings by which nothing is repeated, and nothing is secret. */
    public SmtpSettings(
            Host self,
            Duration replyTimeout,
            Duration finalReplyTimeout,
            Duration writeTimeout,
            boolean pipelining,
            boolean chunking) {
        this(self, replyTimeout, finalReplyTimeout, writeTimeout, pipelining, chunking, Repetition.NONE, Set.of());
    }

    /** The same with some extensions or without. */
    public SmtpSettings with(boolean pipeliningToo, boolean chunkingToo) {
        return new SmtpSettings(
                self, replyTimeout, finalReplyTimeout, writeTimeout, pipeliningToo, chunkingToo, repetition, secrets);
    }

    /** The same, with this said again where it is refused. */
    public SmtpSettings with(Repetition other) {
        return new SmtpSettings(
                self, replyTimeout, finalReplyTimeout, writeTimeout, pipelining, chunking, other, secrets);
    }

    /** The same for a server that has these credentials, or gets them. */
    public SmtpSettings hiding(Set<Credentials> credentials) {
        return new SmtpSettings(
                self, replyTimeout, finalReplyTimeout, writeTimeout, pipelining, chunking, repetition, credentials);
    }

    private static void checkPositive(String what, Duration timeout) {
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("The " + what + " time-out " + timeout + " is not positive");
        }
    }
}
