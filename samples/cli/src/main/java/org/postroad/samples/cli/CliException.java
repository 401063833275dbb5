// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

/** Ends a command with one line on the standard error and an exit code. */
final class CliException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int exitCode;

    /** @param message one line that names what is wrong, and what is allowed */
    CliException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** @param cause shown with {@code --debug} */
    CliException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
