// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The SASL credentials for a relay (RFC 4954). {@link #toString()} never shows the secret. */
public final class Credentials {

    private final String user;
    private final String secret;
    private final Optional<String> mechanism;

    /**
     * Creates credentials for the best mechanism that the relay offers.
     *
     * @param user the authentication identity
     * @param secret the password, or the bearer token for {@code XOAUTH2} and {@code OAUTHBEARER}
     * @throws IllegalArgumentException if one of them is empty
     */
    public Credentials(String user, String secret) {
        this(user, secret, Optional.empty());
    }

    private Credentials(String user, String secret, Optional<String> mechanism) {
        if (user.isEmpty()) {
            throw new IllegalArgumentException("The user name of a relay's credentials is empty");
        }
        if (secret.isEmpty()) {
            // RFC 4616 §2: a password has at least one character.
            throw new IllegalArgumentException("The secret of a relay's credentials is empty");
        }
        this.user = user;
        this.secret = secret;
        this.mechanism = mechanism;
    }

    /** {@return these credentials for one SASL mechanism only, such as {@code XOAUTH2}} */
    public Credentials withMechanism(String name) {
        return new Credentials(user, secret, Optional.of(name.toUpperCase(Locale.ROOT)));
    }

    /** {@return the authentication identity} */
    public String user() {
        return user;
    }

    /** {@return the password, or the bearer token} */
    public String secret() {
        return secret;
    }

    /** {@return the SASL mechanism to use, in upper case; empty to use the best one that the relay offers} */
    public Optional<String> mechanism() {
        return mechanism;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Credentials that
                && user.equals(that.user)
                && secret.equals(that.secret)
                && mechanism.equals(that.mechanism);
    }

    @Override
    public int hashCode() {
        return Objects.hash(user, secret, mechanism);
    }

    @Override
    public String toString() {
        return Printable.clean(user) + ":***";
    }
}
