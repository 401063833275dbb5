// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Objects;
import java.util.Optional;

/** One contact that a delivery would make, if those before it do not answer. */
public final class PlannedContact {

    private final RemoteMta remote;
    private final TlsSummary.Level tls;
    private final boolean tlsRequired;
    private final Optional<Outcome.HostUnsuitable> unsuitable;

    /**
     * Creates a contact.
     *
     * @param tls the level that is aimed at
     * @param tlsRequired whether the host gets nothing at a lower level
     * @param unsuitable why the host gets nothing whatever it does; empty if it is contacted
     */
    public PlannedContact(
            RemoteMta remote, TlsSummary.Level tls, boolean tlsRequired, Optional<Outcome.HostUnsuitable> unsuitable) {
        this.remote = remote;
        this.tls = tls;
        this.tlsRequired = tlsRequired;
        this.unsuitable = unsuitable;
    }

    /** {@return the address to contact} */
    public RemoteMta remote() {
        return remote;
    }

    /** {@return the level of protection that is aimed at; {@code NONE} if TLS is not tried} */
    public TlsSummary.Level tls() {
        return tls;
    }

    /** {@return whether the host gets nothing without {@link #tls()}} */
    public boolean isTlsRequired() {
        return tlsRequired;
    }

    /**
     * {@return why no connection is made to this address and the next one is taken: what is published about TLS does not allow it (TLS-08,
     * TLS-09), or the message demands what it cannot have (TLS-13)} Empty if a connection is made.
     */
    public Optional<Outcome.HostUnsuitable> unsuitable() {
        return unsuitable;
    }

    /** {@return the protection, human-readable: {@code TLS if offered, with any certificate}} */
    public String describeTls() {
        return switch (tls) {
            case NONE -> "plaintext";
            case OPPORTUNISTIC -> (tlsRequired ? "TLS required" : "TLS if offered") + ", with any certificate";
            case MTA_STS -> "TLS required, with a trusted certificate for this name (MTA-STS)";
            case DANE -> "TLS required, with a certificate that matches a TLSA record (DANE)";
            case VERIFIED -> "TLS required, with a verified certificate";
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PlannedContact that
                && remote.equals(that.remote)
                && tls == that.tls
                && tlsRequired == that.tlsRequired
                && unsuitable.equals(that.unsuitable);
    }

    @Override
    public int hashCode() {
        return Objects.hash(remote, tls, tlsRequired, unsuitable);
    }

    /** {@return one human-readable line} */
    @Override
    public String toString() {
        return remote + ", "
                + unsuitable.map(why -> "not contacted: " + why.describe()).orElseGet(this::describeTls);
    }
}
