// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Provider;

/** Registers the protocol {@code mx} with Jakarta Mail. */
public class MxProvider extends Provider {

    /** Constructor for {@link java.util.ServiceLoader}. */
    public MxProvider() {
        super(Provider.Type.TRANSPORT, MxTransport.PROTOCOL, MxTransport.class.getName(), "Postroad", "0.1.0");
    }
}
