// SPDX-License-Identifier: Apache-2.0
/**
 * The program {@code postroad}: Postroad on the command line. It uses the public API only.
 *
 * <p>{@link org.postroad.samples.cli.Main} is the program and {@code RootCommand} the list of its commands. A command has
 * {@code CommonOptions}, which make the Session and choose the form of the output, and ends with an {@code ExitCode}; what is wrong it says with
 * a {@code CliException}. {@code TextOutput} is where it prints, with {@code Table} for columns.
 *
 * <p>The commands of {@code QueueCommand} are {@code QueueTask}s: {@code QueueChoice} attaches to the queue, {@code MessageNames} finds messages by
 * id or Message-ID, and {@code MessageFilters} are the options that select messages. A
 * {@code QueueChange} changes messages, by a filter with {@code --yes} only, and {@code QueueErrors} has the exit codes.
 *
 * <p>{@code explain} makes a {@code Story} of the JSON of reports ({@code ReportReader}) or of a message of a queue ({@code QueueStory}), which {@code StoryText} and {@code StoryPage} show. {@code HtmlPage} is
 * the only place that writes HTML; {@code AuditPage}, {@code StoryPage} and {@code QueuePage} fill it.
 */
@NullMarked
package org.postroad.samples.cli;

import org.jspecify.annotations.NullMarked;
