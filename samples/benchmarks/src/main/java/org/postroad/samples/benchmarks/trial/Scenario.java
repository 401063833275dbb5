// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.util.ArrayList;
import java.util.List;
import org.postroad.samples.benchmarks.client.SampleMessage;
import org.postroad.samples.benchmarks.client.Start;

/**
 * One cell of the comparison.
 *
 * @param sample the message
 * @param start cold or warm
 * @param recipients the number of recipients of each message, in one domain
 * @param threads the number of threads that send concurrently
 */
record Scenario(SampleMessage sample, Start start, int recipients, int threads) {

    static final int MANY_RECIPIENTS = 50;
    static final int MANY_THREADS = 20;

    /** Returns all combinations. */
    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (SampleMessage sample : SampleMessage.values()) {
            for (Start start : List.of(Start.WARM, Start.COLD)) {
                for (int recipients : List.of(1, MANY_RECIPIENTS)) {
                    for (int threads : List.of(1, MANY_THREADS)) {
                        all.add(new Scenario(sample, start, recipients, threads));
                    }
                }
            }
        }
        return all;
    }

    /** Returns whether this is one of the typical scenarios, which the plot shows. */
    boolean isSmallOnOneThread() {
        return sample == SampleMessage.SMALL && threads == 1;
    }

    boolean isWarmOnOneThread(int wanted) {
        return isSmallOnOneThread() && start == Start.WARM && recipients == wanted;
    }

    /** Returns the label for the plot. */
    String label() {
        return start + ", " + recipients + (recipients == 1 ? " recipient" : " recipients");
    }
}
