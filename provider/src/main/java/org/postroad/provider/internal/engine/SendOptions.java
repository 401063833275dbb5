// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.Optional;
import java.util.concurrent.Executor;
import org.postroad.api.Host;
import org.postroad.api.IpAddress;
import org.postroad.provider.internal.config.Settings.Plugins;
import org.postroad.provider.internal.smtp.DialogueLog;

/**
 * Per-send options.
 *
 * @param self the name in EHLO
 * @param partial whether some recipients may get the message if others cannot
 * @param log receives the dialogue
 * @param plugins implementations that replace the built-in ones
 * @param executor runs the deliveries instead of the threads of the engine, and is never closed by it; not used for all-or-nothing sends,
 *     because these need a thread for each domain
 * @param retry options for attempts of a queue
 */
public record SendOptions(
        Host self, boolean partial, DialogueLog log, Plugins plugins, Optional<Executor> executor, Retry retry) {

    /** Returns these options with another log. */
    SendOptions with(DialogueLog other) {
        return new SendOptions(self, partial, other, plugins, executor, retry);
    }

    /** Returns these options without cached DNS answers. */
    SendOptions withFreshDns() {
        return new SendOptions(
                self, partial, log, plugins, executor, new Retry(true, retry.firstAddress(), retry.allowPlaintext()));
    }

    /**
     * Options that depend on the attempt.
     *
     * @param freshDns whether cached DNS answers are ignored (RETRY-03)
     * @param firstAddress the address that is tried first at its host
     * @param allowPlaintext whether mail is sent in plaintext after TLS failed, if the settings allow that
     */
    public record Retry(boolean freshDns, Optional<IpAddress> firstAddress, boolean allowPlaintext) {

        /** Options of a direct send, which is never retried. */
        public static final Retry NONE = new Retry(false, Optional.empty(), true);

        /**
         * Options of the first attempt for a queue. One failed handshake may be an accident, so it does not fall back to plaintext: it is
         * retried.
         */
        public static final Retry FIRST = new Retry(false, Optional.empty(), false);
    }
}
