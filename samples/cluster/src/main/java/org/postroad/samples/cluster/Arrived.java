// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cluster;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.ReceivedMessage;

/**
 * The messages that arrived at the mail server.
 *
 * @param times how often each subject arrived
 */
record Arrived(Map<String, Integer> times) {

    private static final Pattern SUBJECT = Pattern.compile("^Subject: (.*)$", Pattern.MULTILINE);

    static Arrived at(FakeSmtpServer server) {
        Map<String, Integer> times = new TreeMap<>();
        for (ReceivedMessage message : server.received()) {
            Matcher subject = SUBJECT.matcher(message.text());
            if (!subject.find()) {
                throw new IllegalStateException("A message without subject: " + message.text());
            }
            times.merge(subject.group(1), 1, Integer::sum);
        }
        return new Arrived(times);
    }

    /** Returns the subjects that arrived more than once. */
    Set<String> repeated() {
        Set<String> repeated = new TreeSet<>();
        times.forEach((subject, count) -> {
            if (count > 1) {
                repeated.add(subject);
            }
        });
        return repeated;
    }

    /**
     * Returns whether everything that had to arrive has arrived, and nothing else. Only messages in doubt may arrive more than
     * once, and no more than twice.
     *
     * @param submitted messages whose send returned
     * @param perhaps messages whose send did not return because the node was killed
     * @param inDoubt messages that were being delivered when the node was killed
     */
    boolean isAsPromised(Set<String> submitted, Set<String> perhaps, Set<String> inDoubt) {
        Set<String> known = new TreeSet<>(submitted);
        known.addAll(perhaps);
        return times.keySet().containsAll(submitted)
                && known.containsAll(times.keySet())
                && inDoubt.containsAll(repeated())
                && times.values().stream().allMatch(count -> count <= 2);
    }
}
