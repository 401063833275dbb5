// SPDX-License-Identifier: Apache-2.0
/**
 * Checks of Postroad in real servers. {@link org.postroad.servers.ServerCheck} is the sequence of steps, the same for all servers;
 * {@link org.postroad.servers.Server} is what differs. Servers run in processes of their own ({@link org.postroad.servers.ServerProcess}),
 * on loopback ports that were free. {@link org.postroad.servers.Launcher} runs within such a process, for servers that are embedded.
 */
@NullMarked
package org.postroad.servers;

import org.jspecify.annotations.NullMarked;
