// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The octets of a spooled message. */
sealed interface SpoolContent {

    /** Opens a stream over all octets, independent of every other stream. */
    InputStream open() throws IOException;

    /** Deletes the temporary file, if there is one. Must be called only once. */
    void delete() throws IOException;

    /**
     * A small message.
     *
     * @param octets a buffer that starts with the message
     * @param size the number of octets that belong to the message
     */
    record InMemory(byte[] octets, int size) implements SpoolContent {

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(octets, 0, size);
        }

        @Override
        public void delete() {}
    }

    /** A large message. */
    record InFile(SpoolFile file) implements SpoolContent {

        @Override
        public InputStream open() throws IOException {
            return file.open();
        }

        @Override
        public void delete() throws IOException {
            file.close();
        }
    }

    /**
     * A message with line ends other than CRLF, which become CRLF while it is read.
     *
     * @param source the message as written by its source
     */
    record Canonical(SpoolContent source) implements SpoolContent {

        @Override
        public InputStream open() throws IOException {
            return new CanonicalLines(source.open());
        }

        @Override
        public void delete() throws IOException {
            source.delete();
        }
    }
}
