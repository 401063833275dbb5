// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import org.postroad.api.CredentialsSource;
import org.postroad.api.Relay;

/** A configured relay. Keeps the URL, because with a source of credentials its defaults are different. */
public final class RelayUrl {

    private final String url;
    private final Relay relay;

    private RelayUrl(String url, Relay relay) {
        this.url = url;
        this.relay = relay;
    }

    /**
     * Parses the URL.
     *
     * @throws IllegalArgumentException if it is invalid; the message never contains the password
     */
    public static RelayUrl parse(String url) {
        return new RelayUrl(url, Relay.parse(url));
    }

    /** Returns the relay with the credentials of its URL, if any. */
    public Relay relay() {
        return relay;
    }

    /** Returns the relay; if its URL has no credentials, with those of the source. */
    public Relay relay(CredentialsSource source) {
        return Relay.parse(url, source);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RelayUrl that && url.equals(that.url);
    }

    @Override
    public int hashCode() {
        return url.hashCode();
    }

    /** Returns the URL without secrets. */
    @Override
    public String toString() {
        return relay.toString();
    }
}
