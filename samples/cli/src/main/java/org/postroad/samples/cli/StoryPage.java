// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.time.Duration;
import java.util.Locale;
import org.postroad.samples.cli.Story.Fact;
import org.postroad.samples.cli.Story.Part;
import org.postroad.samples.cli.Story.Step;
import org.postroad.samples.cli.TextOutput.Look;

/** The page of a story: each attempt is a time line, with a bar for each step whose duration is known. */
final class StoryPage {

    private static final String CLASS = "class";

    private final HtmlPage page;

    private StoryPage(HtmlPage page) {
        this.page = page;
    }

    static HtmlPage of(Story story) {
        HtmlPage page = new HtmlPage(story.title());
        new StoryPage(page).add(story);
        return page;
    }

    private void add(Story story) {
        page.open("article").open("header").element("h1", story.title()).close();
        if (!story.facts().isEmpty()) {
            page.open("dl", CLASS, "card facts");
            story.facts().forEach(this::fact);
            page.close();
        }
        story.parts().forEach(this::part);
        page.close();
    }

    private void fact(Fact fact) {
        page.element("dt", fact.name()).open("dd").element("span", fact.text(), CLASS, look(fact.look()));
        page.close();
    }

    private void part(Part part) {
        page.open("section").element("h2", part.heading());
        part.begin().ifPresent(at -> page.element("p", "First contact at " + at, CLASS, "soft small"));
        page.open("ol", CLASS, "card steps");
        part.steps().forEach(step -> step(step, part));
        page.close().close();
    }

    private void step(Step step, Part part) {
        page.open("li", CLASS, step.look() == Look.HEADING ? "first" : "");
        page.element("span", part.offset(step), CLASS, "soft small at");
        page.element("span", step.kind(), CLASS, "kind " + (step.look() == Look.MINOR ? "soft" : ""));
        page.open("div");
        if (!step.text().isEmpty()) {
            page.element("span", step.text(), CLASS, look(step.look()));
        }
        step.took().ifPresent(took -> bar(step, took, part));
        page.close().close();
    }

    private void bar(Step step, Duration took, Part part) {
        page.open("div", CLASS, "bar");
        long length = Math.max(1, part.length().toMillis());
        double from = 100.0
                * step.at()
                        .flatMap(at -> part.begin().map(first -> Duration.between(first, at)))
                        .map(Duration::toMillis)
                        .orElse(0L)
                / length;
        double width = 100.0 * took.toMillis() / length;
        page.open("div", CLASS, "track")
                .element("i", "", "style", String.format(Locale.ROOT, "margin-left:%.2f%%;width:%.2f%%", from, width))
                .close();
        page.element("span", took.toMillis() + " ms", CLASS, "soft small").close();
    }

    private static String look(Look look) {
        return switch (look) {
            case GOOD -> "tag good";
            case TEMPORARY -> "tag warn";
            case PERMANENT -> "tag bad";
            case HEADING -> "strong";
            case MINOR -> "soft";
            case PLAIN -> "";
        };
    }
}
