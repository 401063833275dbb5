// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import org.postroad.samples.cli.Story.Fact;
import org.postroad.samples.cli.Story.Part;
import org.postroad.samples.cli.Story.Step;
import org.postroad.samples.cli.TextOutput.Look;

/** Prints a story as text: columns with the time of each step, its duration, its kind, and what happened. */
final class StoryText {

    private final TextOutput out;

    StoryText(TextOutput out) {
        this.out = out;
    }

    void print(Story story) {
        out.line(story.title(), Look.HEADING);
        for (Fact fact : story.facts()) {
            out.line(String.format("  %-11s %s", fact.name(), fact.text()).stripTrailing(), fact.look());
        }
        for (Part part : story.parts()) {
            out.line("", Look.PLAIN);
            out.line(
                    part.heading()
                            + part.begin().map(at -> ", first contact at " + at).orElse(""),
                    Look.HEADING);
            part.steps().forEach(step -> out.line(line(step, part), step.look()));
        }
    }

    private static String line(Step step, Part part) {
        String took = step.took().map(length -> length.toMillis() + " ms").orElse("");
        return String.format("  %10s %9s  %-24s %s", part.offset(step), took, step.kind(), step.text())
                .stripTrailing();
    }
}
