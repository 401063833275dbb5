// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where messages are spooled, and their maximum size.
 *
 * @param memoryThreshold the maximum number of octets that are kept in memory; a larger message is written to a temporary file
 * @param directory the directory for temporary files; empty means the system's default
 * @param maximumSize the maximum size of a message in octets, in canonical form
 */
public record SpoolSettings(int memoryThreshold, Optional<Path> directory, long maximumSize) {

    public static final int DEFAULT_MEMORY_THRESHOLD = 1 << 20;

    public static final long DEFAULT_MAXIMUM_SIZE = 2L << 30;

    public static final SpoolSettings DEFAULTS =
            new SpoolSettings(DEFAULT_MEMORY_THRESHOLD, Optional.empty(), DEFAULT_MAXIMUM_SIZE);

    public SpoolSettings {
        if (memoryThreshold < 0) {
            throw new IllegalArgumentException("The memory threshold " + memoryThreshold + " is negative");
        }
        if (maximumSize < 1) {
            throw new IllegalArgumentException("The maximum message size " + maximumSize + " is less than 1");
        }
    }
}
