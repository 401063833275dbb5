// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Provider;

/** Registers the protocol {@code mx} with Jakarta Mail. */
public class MxProvider extends Provider {

    static final String PROTOCOL = "mx";

    /** Constructor for {@link java.util.ServiceLoader}. */
    public MxProvider() {
        super(Provider.Type.TRANSPORT, PROTOCOL, MxTransport.class.getName(), "Postroad", "0.1.0");
    }
}
