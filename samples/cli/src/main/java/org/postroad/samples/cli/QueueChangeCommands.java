// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;


/** Commands that change messages. */
final class QueueChangeCommands {

    private QueueChangeCommands() {}
}
