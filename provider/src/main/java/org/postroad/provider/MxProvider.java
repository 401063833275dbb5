// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Provider;

/** Tells Jakarta Mail of the protocol {@code mx}. */
public class MxProvider extends Provider {

    static final String PROTOCOL = "mx";

    /** For {@link java.util.ServiceLoader}. */
    public MxProvider() {
        super(Provider.Type.TRANSPORT, PROTOCOL, MxTransport.class.getName(), "Postroad", "0.1.0");
    }
}
