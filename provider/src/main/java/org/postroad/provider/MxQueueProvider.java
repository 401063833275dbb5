// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Provider;

/** Tells Jakarta Mail of the protocol {@code mxqueue}. */
public class MxQueueProvider extends Provider {

    static final String PROTOCOL = "mxqueue";

    /** For {@link java.util.ServiceLoader}. */
    public MxQueueProvider() {
        super(Provider.Type.TRANSPORT, PROTOCOL, MxQueueTransport.class.getName(), "Postroad", "0.1.0");
    }
}
