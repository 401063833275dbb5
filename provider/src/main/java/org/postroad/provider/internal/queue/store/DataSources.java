// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postroad.api.Printable;

/** Gets connections from DataSources of applications. Stateless. */
public final class DataSources {

    private static final int MAX_CAUSES = 10;

    private DataSources() {}

    /**
     * Gets a connection. A container's DataSource may also fail with an unchecked exception, such as an UndeclaredThrowableException, whose
     * cause says more.
     */
    public static Connection connect(DataSource dataSource) throws SQLException {
        try {
            return dataSource.getConnection();
        } catch (RuntimeException e) {
            Throwable cause = e;
            for (int depth = 0; cause.getCause() != null && depth < MAX_CAUSES; depth++) {
                cause = cause.getCause();
            }
            throw new SQLException("The DataSource gives no connection: " + Printable.describe(cause), e);
        }
    }
}
