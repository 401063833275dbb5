// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import jakarta.mail.MessagingException;
import java.io.IOException;

/** Sends an errand, for one thread. */
public interface Client extends AutoCloseable {

    /** Sends the message once; returns when the server has accepted it, and throws where it has not. */
    void send() throws Exception;

    /** Gives up its connection. */
    @Override
    void close() throws IOException, MessagingException;
}
