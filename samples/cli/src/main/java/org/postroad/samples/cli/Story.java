// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postroad.samples.cli.TextOutput.Look;

/**
 * What happened to a message, in the order of time. All texts are cleaned.
 *
 * @param title what it is about
 * @param facts what is known of the message as a whole
 * @param parts one for each attempt at a domain
 */
record Story(String title, List<Fact> facts, List<Part> parts) {

    /** One thing that is known of the message. */
    record Fact(String name, String text, Look look) {}

    /**
     * An attempt to deliver to a domain.
     *
     * @param heading the domain, and which attempt it was
     * @param steps in the order of time
     */
    record Part(String heading, List<Step> steps) {

        /** Returns when the first step with a time began; empty if no step has a time. */
        Optional<Instant> begin() {
            return steps.stream().flatMap(step -> step.at().stream()).min(Instant::compareTo);
        }

        /** Returns when a step began, from the first contact on, such as {@code +0.250 s}; empty if that is not recorded. */
        String offset(Step step) {
            return step.at()
                    .flatMap(at -> begin().map(first -> String.format(
                            Locale.ROOT, "+%.3f s", Duration.between(first, at).toMillis() / 1000.0)))
                    .orElse("");
        }

        /** Returns how long after its begin the last step with a time ended. */
        Duration length() {
            return begin().map(first -> steps.stream()
                            .flatMap(step ->
                                    step.at().map(at -> at.plus(step.took().orElse(Duration.ZERO))).stream())
                            .map(end -> Duration.between(first, end))
                            .reduce(Duration.ZERO, (one, other) -> one.compareTo(other) > 0 ? one : other))
                    .orElse(Duration.ZERO);
        }
    }

    /**
     * A step of an attempt.
     *
     * @param at when it began; empty if that is not recorded
     * @param took how long it took; empty if that is not recorded
     * @param kind such as DNS, connecting, RCPT TO or result
     * @param text what happened
     */
    record Step(Optional<Instant> at, Optional<Duration> took, String kind, String text, Look look) {

        /** A step without a time. */
        static Step of(String kind, String text, Look look) {
            return new Step(Optional.empty(), Optional.empty(), kind, text, look);
        }

        /** A step of known duration. */
        static Step timed(Instant at, Duration took, String kind) {
            return new Step(Optional.of(at), Optional.of(took), kind, "", Look.MINOR);
        }
    }
}
