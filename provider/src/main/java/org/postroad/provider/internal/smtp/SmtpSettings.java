// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.time.Duration;
import java.util.Set;
import org.postroad.api.Credentials;
import org.postroad.api.Host;

/**
 * Settings of a session. Each time-out is also limited by the deadline of the operation.
 *
 * @param self the argument of EHLO: our name, or our address as a literal
 * @param replyTimeout from a command to the end of its reply
 * @param finalReplyTimeout from the end of data to the end of its reply, while the server stores the message
 * @param writeTimeout for the server to accept one write: a command group or a block of a message, at most 40 KiB
 * @param pipelining whether PIPELINING is used if offered
 * @param chunking whether CHUNKING is used if offered
 * @param repetition which refused commands are repeated in another form
 * @param secrets what is redacted in everything a server sends, from the greeting on
 */
public record SmtpSettings(
        Host self,
        Duration replyTimeout,
        Duration finalReplyTimeout,
        Duration writeTimeout,
        boolean pipelining,
        boolean chunking,
        RepetitionRules repetition,
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

    /** Returns settings with the time-outs of RFC 5321 §4.5.3.2. */
    public static SmtpSettings defaults(Host self) {
        return new SmtpSettings(self, REPLY_TIMEOUT, FINAL_REPLY_TIMEOUT, WRITE_TIMEOUT, true, true);
    }

    /** Settings without repetition and without secrets. */
    public SmtpSettings(
            Host self,
            Duration replyTimeout,
            Duration finalReplyTimeout,
            Duration writeTimeout,
            boolean pipelining,
            boolean chunking) {
        this(self, replyTimeout, finalReplyTimeout, writeTimeout, pipelining, chunking, RepetitionRules.NONE, Set.of());
    }

    /** Returns these settings with the two extensions switched on or off. */
    public SmtpSettings with(boolean newPipelining, boolean newChunking) {
        return new SmtpSettings(
                self, replyTimeout, finalReplyTimeout, writeTimeout, newPipelining, newChunking, repetition, secrets);
    }

    /** Returns these settings with another {@link RepetitionRules}. */
    public SmtpSettings with(RepetitionRules newRules) {
        return new SmtpSettings(
                self, replyTimeout, finalReplyTimeout, writeTimeout, pipelining, chunking, newRules, secrets);
    }

    /** Returns these settings for a server that has or will receive these credentials. */
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
