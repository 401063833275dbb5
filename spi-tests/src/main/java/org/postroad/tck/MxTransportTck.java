// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

/**
 * The conformance tests of a whole transport for the protocol {@code mx}, as a black box: LOOKUP, ORDER, ADDR, TRY, END, RELAY,
 * TLS and MAIL.
 *
 * <p>Each group of requirements has a class of its own, which extends the class of the previous group.
 */
public abstract class MxTransportTck extends DaneRequirements {

    /** For subclasses of implementers. */
    protected MxTransportTck() {}
}
