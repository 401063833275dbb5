// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The octets of a spooled message. */
sealed interface SpoolContent {

    /** A new stream over all octets, independent of every other. */
    InputStream open() throws IOException;

    /** Removes what is outside the memory; to be called once. */
    void delete() throws IOException;

    /**
     * A small message.
     *
     * @param octets begins with them
     * @param size how many
     */
    record InMemory(byte[] octets, int size) implements SpoolContent {

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(octets, 0, size);
        }

        @Override
        public void delete() {}
    }

    /** A big one. */
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
     * What a source wrote with line ends of other kinds.
     *
     * @param source as it was written
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
