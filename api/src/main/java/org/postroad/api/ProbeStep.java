// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Duration;
import java.util.Objects;

/** One step of a probe: a command and its reply, or the end of a connection attempt or of a TLS handshake. */
public final class ProbeStep {

    private final RemoteMta remote;
    private final Stage stage;
    private final Duration took;
    private final String text;

    /**
     * Creates a step.
     *
     * @param text human-readable; cleaned here
     */
    public ProbeStep(RemoteMta remote, Stage stage, Duration took, String text) {
        this.remote = remote;
        this.stage = stage;
        this.took = took;
        this.text = Printable.clean(text);
    }

    /** {@return the address} */
    public RemoteMta remote() {
        return remote;
    }

    /** {@return the stage of the session} */
    public Stage stage() {
        return stage;
    }

    /** {@return the time since the step before} */
    public Duration took() {
        return took;
    }

    /** {@return the server's reply, or what happened; human-readable, cleaned} */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProbeStep that
                && remote.equals(that.remote)
                && stage == that.stage
                && took.equals(that.took)
                && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return Objects.hash(remote, stage, took, text);
    }

    /** {@return {@code EHLO, 12 ms: 250 mx.example.org}} */
    @Override
    public String toString() {
        return stage + ", " + took.toMillis() + " ms: " + text;
    }
}
