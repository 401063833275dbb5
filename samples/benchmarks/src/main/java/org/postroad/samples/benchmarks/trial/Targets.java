// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import org.postroad.samples.benchmarks.measure.Series;
import org.postroad.samples.benchmarks.report.Goal;

/** The goals: all limits that decide whether a measured value is good enough. */
final class Targets {

    /** Allowed in addition to {@code mail.mx.attemptdelay}, for everything else that a first message needs. */
    private static final double FIRST_MESSAGE_SLACK_MILLIS = 50;

    /** The default of {@code mail.mx.attemptdelay}. */
    private static final double ATTEMPT_DELAY_MILLIS = 250;

    /** Smaller values are noise of the machine. */
    private static final double MEASURABLE_MILLIS = 2;

    /** The default of {@code mail.mx.queue.poll} is 5 s. */
    private static final double POLLS_IN_A_MINUTE = 12;

    private Targets() {}

    static Goal warmWithBoth(double roundTrips) {
        return Goal.count("round trips of a warm message, server with PIPELINING and CHUNKING", 1, roundTrips);
    }

    static Goal warmWithPipelining(double roundTrips) {
        return Goal.count("the same with PIPELINING only", 2, roundTrips);
    }

    static Goal coldWithBoth(double roundTrips) {
        return Goal.count(
                "round trips of a cold message, both extensions: connect, greeting, EHLO, message", 4, roundTrips);
    }

    static Goal coldWithStartTls(double roundTrips) {
        return Goal.count("the same with STARTTLS: three more", 7, roundTrips);
    }

    static Goal manyRecipients(double forOne, double forMany) {
        return Goal.count("round trips of a warm message for 50 recipients: as for one", (int) forOne, forMany);
    }

    static Goal farOneRecipient(Series angusOverMx) {
        return Goal.atLeast("warm at 50 ms, one recipient: times as fast as smtp", 3.5, angusOverMx.median(), "");
    }

    static Goal farManyRecipients(Series angusOverMx) {
        return Goal.atLeast("warm at 50 ms, 50 recipients: times as fast as smtp", 40, angusOverMx.median(), "");
    }

    static Goal serialising(Series rawOverMx) {
        return Goal.atLeast(
                "loopback, 8 KiB: speed compared with a socket that serialises the same MimeMessage",
                90,
                100 * rawOverMx.median(),
                " %");
    }

    static Goal spooled(Series rawOverSpooled) {
        return Goal.atLeast(
                "loopback, 8 KiB, spooled before: speed compared with a socket with a prepared dialogue",
                60,
                100 * rawOverSpooled.median(),
                " %");
    }

    static Goal nearAngus(Series angusOverMx) {
        return Goal.atLeast("loopback, 8 KiB: times as fast as smtp", 1.5, angusOverMx.median(), "");
    }

    static Goal firstPastTheBlackhole(Series millis) {
        return Goal.atMost(
                "first message if the first of two families does not answer",
                ATTEMPT_DELAY_MILLIS + FIRST_MESSAGE_SLACK_MILLIS,
                millis.median(),
                " ms");
    }

    static Goal nextPastTheBlackhole(Series millis, Series control) {
        return Goal.atMost(
                "additional time for the following messages",
                MEASURABLE_MILLIS,
                millis.median() - control.median(),
                " ms");
    }

    static Goal heap(String outcome, boolean runs) {
        return new Goal("20 concurrent messages of 10 MB in a heap of 64 MB", "run", outcome, runs);
    }

    static Goal besidePostfix(Series postfixOverQueue) {
        return Goal.atLeast("queue, put in and delivered: times as fast as Postfix", 2, postfixOverQueue.median(), "");
    }

    static Goal submission(Series perSecond) {
        return Goal.atLeast("queue: messages put in in a second", 800, perSecond.median(), "");
    }

    static Goal fullQueueIn(int messages, double share) {
        return Goal.atLeast(
                "queue with " + messages + " messages in 256 MB: speed in, compared with 1000", 80, 100 * share, " %");
    }

    static Goal fullQueueOut(int messages, double share) {
        return Goal.atLeast("the same: speed out", 80, 100 * share, " %");
    }

    static Goal deadDestination(int messages, double ratio) {
        return Goal.atMost(
                "time until accepted, beside " + messages + " messages for a dead server: times as long",
                1.2,
                ratio,
                "");
    }

    static Goal startOfDelivery(Series millis) {
        return Goal.atMost(
                "queue: put in until the first octet is at the server, 99 %", 100, millis.quantile(0.99), " ms");
    }

    static Goal idle(double sweepsInAMinute) {
        return Goal.atMost("idle queue: sweeps in a minute", POLLS_IN_A_MINUTE, sweepsInAMinute, "");
    }
}
