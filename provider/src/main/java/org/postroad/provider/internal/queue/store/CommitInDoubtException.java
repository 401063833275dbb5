// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.SQLException;

/** The connection was lost during the commit: either the whole transaction was committed, or nothing. */
public final class CommitInDoubtException extends SQLException {

    private static final long serialVersionUID = 1;

    CommitInDoubtException(SQLException cause) {
        super(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), cause);
    }
}
