// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.Optional;
import javax.security.sasl.SaslException;

/** Client side of one SASL exchange (RFC 4422). */
interface SaslExchange {

    /** Returns the initial response; empty if the server sends first. Called once. */
    Optional<byte[]> initial() throws SaslException;

    /**
     * Returns the response to a challenge.
     *
     * @throws SaslException if the challenge is unexpected, or the server does not prove its identity
     */
    byte[] answer(byte[] challenge) throws SaslException;

    /**
     * Returns whether a success that the server reports now is credible: all responses were sent, and the server has given every proof that
     * the mechanism has.
     */
    boolean isComplete();

    /** Returns a user name as a saslname: comma and equals sign are escaped (RFC 5801 §4, RFC 5802 §5.1). */
    static String saslName(String name) {
        return name.replace("=", "=3D").replace(",", "=2C");
    }
}
