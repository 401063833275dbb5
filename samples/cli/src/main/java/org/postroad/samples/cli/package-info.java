// SPDX-License-Identifier: Apache-2.0
/**
 * The program {@code postroad}: Postroad on the command line. It uses the public API only.
 *
 * <p>{@link org.postroad.samples.cli.Main} is the program and {@code RootCommand} the list of its commands. A command has
 * {@code CommonOptions}, which make the Session and choose the form of the output, and ends with an {@code ExitCode}; what is wrong it says with
 * a {@code CliException}. {@code TextOutput} is where it prints, and {@code Table} prints rows.
 *
 * <p>The commands of {@code queue} are {@code QueueTask}s: {@code QueueChoice} opens the queue, {@code MessageNames} finds a message by its id or
 * Message-ID, {@code MessageFilters} are the options that select messages, and {@code QueueErrors} has the exit codes of a queue. A
 * {@code QueueChange} changes messages: by a filter with {@code --yes} only.
 */
@NullMarked
package org.postroad.samples.cli;

import org.jspecify.annotations.NullMarked;
