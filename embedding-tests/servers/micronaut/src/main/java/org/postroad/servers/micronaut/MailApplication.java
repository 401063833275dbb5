// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.micronaut;

import io.micronaut.runtime.Micronaut;

/** Starts the application. */
public final class MailApplication {

    private MailApplication() {}

    public static void main(String[] arguments) {
        Micronaut.run(MailApplication.class, arguments);
    }
}
