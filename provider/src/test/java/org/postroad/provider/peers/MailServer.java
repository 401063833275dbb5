// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.util.List;

/**
 * A mail server of the lab.
 *
 * @param host the host on which it runs
 * @param mail the mail that it stored
 * @param process its process
 */
record MailServer(LabHost host, Maildir mail, LabProcess process) implements AutoCloseable {

    StoredMessage awaitMessageFor(String recipient) {
        return mail.awaitMessageFor(recipient);
    }

    List<StoredMessage> messagesFor(String recipient) {
        return mail.messagesFor(recipient);
    }

    @Override
    public void close() {
        process.close();
    }
}
