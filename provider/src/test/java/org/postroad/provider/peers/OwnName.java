// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of what a run leaves on the machine while it lasts; they tell whose it is. */
final class OwnName {

    /** What this run's names begin with. */
    static final String PREFIX = "postroad-lab-" + ProcessHandle.current().pid() + "-";

    private static final Pattern OWN = Pattern.compile("postroad-lab-(?<pid>\\d+)-.+");

    private OwnName() {}

    /** Whether that belongs to a run that was killed, so that it could not clean up: its process is no more. */
    static boolean isLeftover(String name) {
        Matcher own = OWN.matcher(name);
        return own.matches()
                && ProcessHandle.of(Long.parseLong(own.group("pid"))).isEmpty();
    }
}
