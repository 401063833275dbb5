// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.Optional;
import java.util.concurrent.Executor;
import org.postroad.api.Host;
import org.postroad.api.IpAddress;
import org.postroad.provider.internal.config.Settings.Plugins;
import org.postroad.provider.internal.smtp.DialogueLog;

/**
 * How one send differs from another with the same settings.
 *
 * @param self the name in EHLO
 * @param partial whether some recipients may get the message where others cannot
 * @param log is told the dialogue
 * @param plugins what is used in place of the built-in implementations
 * @param executor what runs the deliveries in place of our own threads, never closed by us; not used where all or none are to get
 *     the message, for there each domain needs a thread of its own
 * @param retry what a retry does in another way
 */
public record Manner(
        Host self, boolean partial, DialogueLog log, Plugins plugins, Optional<Executor> executor, Retry retry) {

    /**
     * What a retry does in another way.
     *
     * @param anew whether DNS is asked anew (RETRY-03)
     * @param first the address that comes first at its host
     * @param inTheClear whether what cannot be encrypted goes in the clear, if the settings allow that
     */
    public record Retry(boolean anew, Optional<IpAddress> first, boolean inTheClear) {

        /** It is none, and there will be none. */
        public static final Retry NONE = new Retry(false, Optional.empty(), true);
    }
}
