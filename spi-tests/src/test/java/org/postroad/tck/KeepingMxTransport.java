// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Session;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postroad.api.RemoteMta;

/** The reference transport, except that it keeps the last connection to each address for the next message. */
class KeepingMxTransport extends ReferenceMxTransport {

    private final Map<RemoteMta, ReferenceConnection> kept;
    private @Nullable RemoteMta current;

    /** @param kept shared by the transports for all messages of a test */
    KeepingMxTransport(Session session, Map<RemoteMta, ReferenceConnection> kept) {
        super(session);
        this.kept = kept;
    }

    @Override
    protected ReferenceConnection dial(RemoteMta remote) throws IOException {
        current = remote;
        ReferenceConnection connection = kept.remove(remote);
        return connection == null ? super.dial(remote) : connection;
    }

    /** TRY-09. */
    protected boolean isOfFurtherUse(ReferenceConnection connection) {
        return connection.transactions() > 0 && !connection.isSessionRefused();
    }

    @Override
    protected void finish(ReferenceConnection connection) {
        if (isOfFurtherUse(connection)) {
            keep(connection);
        } else {
            super.finish(connection);
        }
    }

    protected final void keep(ReferenceConnection connection) {
        kept.put(current, connection);
    }

    @Override
    protected void hangUp(ReferenceConnection connection) {
        if (!kept.containsValue(connection)) {
            super.hangUp(connection);
        }
    }
}
