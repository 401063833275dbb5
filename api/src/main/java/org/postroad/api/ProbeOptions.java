// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.function.Consumer;

/** What {@code Postroad.probe} does. Immutable. */
public final class ProbeOptions {

    /** Up to the first address of each domain that could carry mail, without MAIL and RCPT. */
    public static final ProbeOptions DEFAULT = new ProbeOptions(false, false, step -> {});

    private final boolean all;
    private final boolean recipients;
    private final Consumer<ProbeStep> listener;

    private ProbeOptions(boolean all, boolean recipients, Consumer<ProbeStep> listener) {
        this.all = all;
        this.recipients = recipients;
        this.listener = listener;
    }

    /** {@return options by which every planned contact is made} */
    public ProbeOptions withAllAddresses() {
        return new ProbeOptions(true, recipients, listener);
    }

    /**
     * {@return options by which the sender and the recipients are offered, with MAIL and RCPT} Some servers count what is offered and not
     * sent, and refuse a host that does it often.
     */
    public ProbeOptions withRecipients() {
        return new ProbeOptions(all, true, listener);
    }

    /**
     * {@return options that pass each step to a listener when it has ended}
     *
     * @param newListener called on the calling thread of the probe; what it throws ends the probe
     */
    public ProbeOptions withListener(Consumer<ProbeStep> newListener) {
        return new ProbeOptions(all, recipients, newListener);
    }

    /** {@return whether every planned contact is made} */
    public boolean allAddresses() {
        return all;
    }

    /** {@return whether the sender and the recipients are offered} */
    public boolean recipients() {
        return recipients;
    }

    /** {@return what receives each step} */
    public Consumer<ProbeStep> listener() {
        return listener;
    }
}
