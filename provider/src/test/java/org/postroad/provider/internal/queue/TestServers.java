// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Stops the database servers of tests after the last test. Hooks of the JVM would have to do it otherwise, and Surefire kills a JVM
 * whose hooks take more than half a minute: on a busy machine, to stop a server and remove the files of hundreds of databases does.
 */
public final class TestServers implements LauncherSessionListener {

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        TestPostgres.stop();
        TestMariaDb.stop();
    }
}
