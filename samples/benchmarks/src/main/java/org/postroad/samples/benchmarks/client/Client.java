// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import jakarta.mail.MessagingException;
import java.io.IOException;

/** Sends a task repeatedly, from one thread. */
public interface Client extends AutoCloseable {

    /**
     * Sends the message once. Returns when the server has accepted it.
     *
     * @throws Exception if the server does not accept it
     */
    void send() throws Exception;

    /** Closes the connection. */
    @Override
    void close() throws IOException, MessagingException;
}
