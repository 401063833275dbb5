// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/** A source of credentials that never change. */
record FixedCredentials(Credentials credentials) implements CredentialsSource {

    @Override
    public Credentials credentials(Request request) {
        return credentials;
    }
}
