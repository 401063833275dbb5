// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import org.postroad.api.TlsSummary.Level;

/**
 * How a connection to one mail exchanger is to be protected.
 *
 * @param startTls whether there has to be TLS
 * @param proof what its certificate has to prove
 * @param level what is reached if it does
 */
public record Protection(StartTls startTls, Proof proof, Level level) {

    static final Protection IN_THE_CLEAR = new Protection(StartTls.DISABLED, Proof.NOTHING, Level.NONE);

    /** Nobody is authenticated. */
    public static Protection unauthenticated(StartTls startTls) {
        return startTls == StartTls.DISABLED
                ? IN_THE_CLEAR
                : new Protection(startTls, Proof.NOTHING, Level.OPPORTUNISTIC);
    }
}
