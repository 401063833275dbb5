// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.Optional;
import javax.security.sasl.SaslException;

/** The client's side of one SASL exchange (RFC 4422): what to say, and whether the server may be believed. */
interface SaslExchange {

    /** What is said first; empty: the server speaks first. Asked once. */
    Optional<byte[]> initial() throws SaslException;

    /**
     * The answer to a challenge.
     *
     * @throws SaslException if the challenge fits nothing, or the server does not prove who it is
     */
    byte[] answer(byte[] challenge) throws SaslException;

    /** Whether a success that the server announces now is one: all was said, and it has proved what the mechanism lets it prove. */
    boolean isComplete();
}
