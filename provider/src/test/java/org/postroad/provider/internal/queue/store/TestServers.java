// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Stops the database servers of tests after the last test. Shutdown hooks of the JVM are too slow: Surefire kills a JVM whose hooks take
 * more than half a minute, and on a busy machine, stopping a server and removing the files of hundreds of databases takes longer.
 */
public final class TestServers implements LauncherSessionListener {

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        TestPostgres.stop();
        TestMariaDb.stop();
    }
}
