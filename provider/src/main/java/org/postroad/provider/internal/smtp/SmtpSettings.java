// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.time.Duration;
import java.util.Set;
import org.postroad.api.Credentials;
import org.postroad.api.Host;

/**
 * Settings of a session.
 *
 * @param self the argument of EHLO: our name, or our address as a literal
 * @param configured what the properties of a Session determine
 * @param repetition which refused commands are repeated in another form
 * @param secrets what is redacted in everything a server sends, from the greeting on
 */
public record SmtpSettings(Host self, Configured configured, RepetitionRules repetition, Set<Credentials> secrets) {

    /**
     * What the properties of a Session determine. Each time-out is also limited by the deadline of the operation.
     *
     * @param replyTimeout {@code mail.mx.timeout}: from a command to the end of its reply
     * @param finalReplyTimeout {@code mail.mx.finaltimeout}: from the end of data to the end of its reply, while the server stores the
     *     message
     * @param writeTimeout {@code mail.mx.writetimeout}: for the server to accept one write: a command group or a block of a message, at
     *     most 40 KiB
     * @param pipelining {@code mail.mx.pipelining.enable}: whether PIPELINING is used if offered
     * @param chunking {@code mail.mx.chunking.enable}: whether CHUNKING is used if offered
     */
    public record Configured(
            Duration replyTimeout,
            Duration finalReplyTimeout,
            Duration writeTimeout,
            boolean pipelining,
            boolean chunking) {

        /** The time-outs of RFC 5321 §4.5.3.2, and both extensions. */
        public static final Configured DEFAULTS =
                new Configured(Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofMinutes(3), true, true);

        public Configured {
            checkPositive("reply", replyTimeout);
            checkPositive("final reply", finalReplyTimeout);
            checkPositive("write", writeTimeout);
        }

        private static void checkPositive(String what, Duration timeout) {
            if (timeout.isZero() || timeout.isNegative()) {
                throw new IllegalArgumentException("The " + what + " time-out " + timeout + " is not positive");
            }
        }
    }

    public SmtpSettings {
        secrets = Set.copyOf(secrets);
    }

    /** Settings without repetition and without secrets. */
    public SmtpSettings(Host self, Configured configured) {
        this(self, configured, RepetitionRules.NONE, Set.of());
    }

    /** Returns the default settings. */
    public static SmtpSettings defaults(Host self) {
        return new SmtpSettings(self, Configured.DEFAULTS);
    }

    /** Returns these settings with the two extensions switched on or off. */
    public SmtpSettings with(boolean newPipelining, boolean newChunking) {
        return new SmtpSettings(
                self,
                new Configured(replyTimeout(), finalReplyTimeout(), writeTimeout(), newPipelining, newChunking),
                repetition,
                secrets);
    }

    /** Returns these settings with another {@link RepetitionRules}. */
    public SmtpSettings with(RepetitionRules newRules) {
        return new SmtpSettings(self, configured, newRules, secrets);
    }

    /** Returns these settings for a server that has or will receive these credentials. */
    public SmtpSettings hiding(Set<Credentials> credentials) {
        return new SmtpSettings(self, configured, repetition, credentials);
    }

    public Duration replyTimeout() {
        return configured.replyTimeout();
    }

    public Duration finalReplyTimeout() {
        return configured.finalReplyTimeout();
    }

    public Duration writeTimeout() {
        return configured.writeTimeout();
    }

    public boolean pipelining() {
        return configured.pipelining();
    }

    public boolean chunking() {
        return configured.chunking();
    }
}
