// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

final class QueueChangeCommands {
    private QueueChangeCommands() {}
}
