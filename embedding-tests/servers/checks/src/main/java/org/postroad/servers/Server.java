// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers;

import java.net.URI;
import java.nio.file.Path;

/** A running server, to which the web application can be deployed. */
public interface Server extends AutoCloseable {

    /** Returns the process in which it runs. */
    ServerProcess process();

    /**
     * Deploys the application, and waits until it has started.
     *
     * @return the address of the application
     */
    URI deploy(Path war) throws Exception;

    /** Undeploys the application, and waits until it has stopped. */
    void undeploy() throws Exception;

    /** Stops the process. */
    @Override
    default void close() throws Exception {
        process().close();
    }
}
