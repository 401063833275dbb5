// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import org.postroad.api.EnhancedStatus;

/** The exit codes of the program, which {@code postroad --help} and the README list. */
final class ExitCode {

    /** It worked: for a route, every recipient has a host to contact. */
    static final int OK = 0;

    /** A temporary failure: the same command may work later. */
    static final int TEMPORARY = 1;

    /** A permanent failure. */
    static final int PERMANENT = 2;

    /** The command line or a setting is wrong (EX_USAGE). */
    static final int USAGE = 64;

    /** A defect of the program (EX_SOFTWARE). */
    static final int DEFECT = 70;

    /** The reader of the output went away: 128 and SIGPIPE, as from programs that this signal stops. */
    static final int CLOSED_PIPE = 141;

    private ExitCode() {}

    /** Returns the code for a status. */
    static int of(EnhancedStatus status) {
        if (status.isSuccess()) {
            return OK;
        }
        return status.isPermanent() ? PERMANENT : TEMPORARY;
    }
}
