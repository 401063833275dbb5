// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Locale;
import java.util.Optional;

/**
 * The SASL credentials for a relay (RFC 4954). {@link #toString()} never shows the secret.
 *
 * @param user the authentication identity
 * @param secret the password, or the bearer token for {@code XOAUTH2} and {@code OAUTHBEARER}
 * @param mechanism the SASL mechanism to use; empty to use the best one that the relay offers
 */
public record Credentials(String user, String secret, Optional<String> mechanism) {

    public Credentials {
        if (user.isEmpty()) {
            throw new IllegalArgumentException("The user name of a relay's credentials is empty");
        }
        if (secret.isEmpty()) {
            // RFC 4616 §2: a password has at least one character.
            throw new IllegalArgumentException("The secret of a relay's credentials is empty");
        }
        mechanism = mechanism.map(name -> name.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return Printable.clean(user) + ":***";
    }
}
