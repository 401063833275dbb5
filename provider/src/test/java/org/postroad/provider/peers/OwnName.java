// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of namespaces and files that a run creates on the machine; they identify the run. */
final class OwnName {

    /** The prefix of this run's names. */
    static final String PREFIX = "postroad-lab-" + ProcessHandle.current().pid() + "-";

    private static final Pattern OWN = Pattern.compile("postroad-lab-(?<pid>\\d+)-.+");

    private OwnName() {}

    /** Returns whether the name belongs to a killed run, which could not clean up: its process does not exist any more. */
    static boolean isLeftover(String name) {
        Matcher own = OWN.matcher(name);
        return own.matches()
                && ProcessHandle.of(Long.parseLong(own.group("pid"))).isEmpty();
    }
}
