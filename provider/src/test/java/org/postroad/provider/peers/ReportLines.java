// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import jakarta.mail.SendFailedException;
import java.util.List;

/** Temporary: until the transport is here. */
final class ReportLines {
    private ReportLines() {}

    static List<String> of(SendFailedException failure) {
        return List.of();
    }
}
