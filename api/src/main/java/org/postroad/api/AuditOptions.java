// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.function.Consumer;

/** What {@code Postroad.audit} does. Immutable. */
public final class AuditOptions {

    /** The maximum number of connections to each address. */
    public static final int MAX_CONNECTIONS = 10;

    /** DNS, and three connections to each address, without MAIL and RCPT. */
    public static final AuditOptions DEFAULT = new AuditOptions(3, false, false, line -> {});

    private final int connections;
    private final boolean postmaster;
    private final boolean ownSender;
    private final Consumer<String> listener;

    private AuditOptions(int connections, boolean postmaster, boolean ownSender, Consumer<String> listener) {
        this.connections = connections;
        this.postmaster = postmaster;
        this.ownSender = ownSender;
        this.listener = listener;
    }

    /** {@return options by which only DNS is asked} What needs a connection is not checked: AUDIT-04, AUDIT-05, AUDIT-06. */
    public AuditOptions withoutConnections() {
        return new AuditOptions(0, false, ownSender, listener);
    }

    /**
     * {@return options with this number of connections to each address, one after the other (AUDIT-05)}
     *
     * @param number 1 to {@value #MAX_CONNECTIONS}; 1 cannot tell several hosts behind one address
     * @throws IllegalArgumentException if the number is out of range
     */
    public AuditOptions withConnectionsPerAddress(int number) {
        if (number < 1 || number > MAX_CONNECTIONS) {
            throw new IllegalArgumentException("The number of connections to each address is " + number + "; 1 to "
                    + MAX_CONNECTIONS + " are allowed");
        }
        return new AuditOptions(number, postmaster, ownSender, listener);
    }

    /**
     * {@return options by which the postmaster of the domain is offered to each address once, with MAIL and RCPT (AUDIT-04)} There is
     * at least one connection then. Some servers count what is offered and not sent.
     */
    public AuditOptions withPostmaster() {
        return new AuditOptions(Math.max(1, connections), true, ownSender, listener);
    }

    /** {@return options for a host that sends mail of the audited site, so that its own configuration is checked, too (AUDIT-08)} */
    public AuditOptions withOwnSender() {
        return new AuditOptions(connections, postmaster, true, listener);
    }

    /**
     * {@return options that pass a line of text to a listener before each part of the work}
     *
     * @param newListener called on the calling thread of the audit; what it throws ends the audit
     */
    public AuditOptions withListener(Consumer<String> newListener) {
        return new AuditOptions(connections, postmaster, ownSender, newListener);
    }

    /** {@return the number of connections to each address; 0 if only DNS is asked} */
    public int connectionsPerAddress() {
        return connections;
    }

    /** {@return whether the postmaster of the domain is offered} */
    public boolean offersPostmaster() {
        return postmaster;
    }

    /** {@return whether this host sends mail of the audited site} */
    public boolean isOwnSender() {
        return ownSender;
    }

    /** {@return what receives the progress} */
    public Consumer<String> listener() {
        return listener;
    }
}
