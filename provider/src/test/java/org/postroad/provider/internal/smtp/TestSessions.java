// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import org.postroad.api.Deadline;

/** Opens sessions, for tests that do not care about the times of their stages. */
public final class TestSessions {

    private TestSessions() {}

    public static SmtpSession.Opening open(
            SecuredSocket socket, SmtpSettings settings, Watchdog watchdog, DialogueLog log, Deadline deadline) {
        return SmtpSession.open(socket, settings, watchdog, log, StageTimes.beginning(deadline.clock()), deadline);
    }

    /** Returns the session; a failure to open it fails the test. */
    public static SmtpSession opened(
            SecuredSocket socket, SmtpSettings settings, Watchdog watchdog, DialogueLog log, Deadline deadline) {
        return session(open(socket, settings, watchdog, log, deadline));
    }

    static SmtpSession session(SmtpSession.Opening opening) {
        return opening.fold(SmtpSession.Opened::session, notOpened -> {
            throw new AssertionError(notOpened.failure());
        });
    }
}
