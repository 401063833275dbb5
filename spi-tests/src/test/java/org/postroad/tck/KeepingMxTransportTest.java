// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.util.HashMap;
import java.util.Map;
import org.postroad.api.RemoteMta;

/** A transport that keeps connections meets its contract, too. Each test has an instance of its own, and with it connections. */
class KeepingMxTransportTest extends ReferenceMxTransportTest {

    final Map<RemoteMta, ReferenceConnection> kept = new HashMap<>();

    @Override
    protected Transport create(Session session) {
        return new KeepingMxTransport(session, kept);
    }
}
