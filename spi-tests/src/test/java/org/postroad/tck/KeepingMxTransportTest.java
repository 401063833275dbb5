// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.util.HashMap;
import java.util.Map;
import org.postroad.api.RemoteMta;

/** A transport that keeps connections also meets the contract. Each test has its own instance, with its own connections. */
class KeepingMxTransportTest extends ReferenceMxTransportTest {

    final Map<RemoteMta, ReferenceConnection> kept = new HashMap<>();

    @Override
    protected Transport create(Session session) {
        return new KeepingMxTransport(session, kept);
    }
}
