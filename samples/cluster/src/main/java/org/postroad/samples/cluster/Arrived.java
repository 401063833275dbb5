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
 * What arrived at the mail server.
 *
 * @param times how often each subject
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

    /** Those that arrived more than once. */
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
     * Whether all arrived that had to, and nothing else, and none more than once but those in doubt, and these no more than twice.
     *
     * @param submitted whose send returned
     * @param perhaps whose send did not return: the node was killed meanwhile
     * @param inDoubt which were being delivered when the node was killed
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
