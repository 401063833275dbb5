// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Provider;

/** Registers the protocol {@code mxqueue} with Jakarta Mail. */
public class MxQueueProvider extends Provider {

    /** Constructor for {@link java.util.ServiceLoader}. */
    public MxQueueProvider() {
        super(
                Provider.Type.TRANSPORT,
                MxQueueTransport.PROTOCOL,
                MxQueueTransport.class.getName(),
                "Postroad",
                "0.1.0");
    }
}
