// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.util.concurrent.Callable;
import org.postroad.provider.MailQueue;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that works on a queue: attaches to it, and lets go of it at the end. */
abstract class QueueTask implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private QueueChoice choice = new QueueChoice();

    @Override
    public final Integer call() {
        check();
        try (MailQueue queue = choice.attach(options)) {
            return run(queue);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.TEMPORARY, "Interrupted", e);
        }
    }

    /**
     * Checks the command line before the queue is opened.
     *
     * @throws ParameterException if options do not go together
     */
    void check() {
        // nothing, unless a command has something to check
    }

    /** Runs the command, and returns its exit code. */
    abstract int run(MailQueue queue) throws InterruptedException;

    /** Returns whether JSON is wanted. */
    final boolean json() {
        return options.json();
    }

    /** Returns where text is printed. */
    final TextOutput text() {
        return options.text(spec.commandLine());
    }

    /** Prints one line of JSON. */
    final void print(String json) {
        spec.commandLine().getOut().println(json);
    }

    /** Returns where progress is shown. */
    final Progress progress() {
        return Progress.on(spec.commandLine().getErr());
    }

    /** Returns a wrong use of the command line. */
    final ParameterException wrong(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
