// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Draws bars on a logarithmic scale, as SVG with its own background, so that it is readable in a dark viewer, too. The value is
 * printed after each bar. Since a bar of double length does not mean double the value, the scale is drawn.
 */
public final class Plot {

    private static final int WIDTH = 860;
    private static final int LEFT = 250;
    private static final int RIGHT = 110;
    private static final int MARGIN = 20;
    private static final int TITLE = 50;
    private static final int BAR = 16;
    private static final int GAP = 12;
    private static final int AXIS = 30;

    /** The approximate width of a character in the legend. */
    private static final double CHARACTER = 6.5;

    private static final List<String> COLOURS = List.of("#1b6ca8", "#c8553d", "#8a8f98", "#5a9367", "#b08ea2");

    private Plot() {}

    /**
     * A diagram.
     *
     * @param title the title
     * @param unit the unit of all values
     * @param series the names of the bars in each group
     * @param groups the groups of bars
     */
    public record Panel(String title, String unit, List<String> series, List<Group> groups) {

        int height() {
            return TITLE + groups.size() * (series.size() * BAR + GAP) + AXIS;
        }

        /**
         * Returns the exponent of the largest power of ten below the values; {@code highest} returns the smallest one above
         * them.
         */
        int lowest() {
            return (int) Math.floor(Math.log10(values().min().orElseThrow()));
        }

        int highest() {
            return Math.max(
                    lowest() + 1, (int) Math.ceil(Math.log10(values().max().orElseThrow())));
        }

        private DoubleStream values() {
            return groups.stream()
                    .flatMapToDouble(group -> group.values().stream().mapToDouble(Double::doubleValue));
        }
    }

    /**
     * Bars that are compared with each other.
     *
     * @param name the name of the group
     * @param values positive, one for each of the panel's series
     */
    public record Group(String name, List<Double> values) {}

    /** Draws the panels one below the other. */
    public static String svg(List<Panel> panels) {
        int height = 2 * MARGIN + panels.stream().mapToInt(Panel::height).sum();
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                """, WIDTH, height, WIDTH, height));
        int top = MARGIN;
        for (Panel panel : panels) {
            draw(svg, panel, top);
            top += panel.height();
        }
        return svg.append("</svg>\n").toString();
    }

    private static void draw(StringBuilder svg, Panel panel, int top) {
        text(svg, MARGIN, top + 12, "start", "bold", panel.title());
        legend(svg, panel, top + 32);
        int y = top + TITLE;
        int bottom = top + panel.height() - AXIS;
        for (int exponent = panel.lowest(); exponent <= panel.highest(); exponent++) {
            double x = x(panel, Math.pow(10, exponent));
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#dddddd\"/>%n",
                    x,
                    y - 4,
                    x,
                    bottom));
            text(svg, x, bottom + 12, "middle", "normal", Numbers.text(Math.pow(10, exponent)) + " " + panel.unit());
        }
        for (Group group : panel.groups()) {
            double middle = y + panel.series().size() * BAR / 2.0 + 4;
            text(svg, LEFT - 10, middle, "end", "normal", group.name());
            for (int i = 0; i < group.values().size(); i++) {
                bar(svg, panel, group.values().get(i), COLOURS.get(i), y);
                y += BAR;
            }
            y += GAP;
        }
    }

    private static void legend(StringBuilder svg, Panel panel, int y) {
        double x = LEFT;
        for (int i = 0; i < panel.series().size(); i++) {
            String name = panel.series().get(i);
            rectangle(svg, x, y - 9, 10, 10, COLOURS.get(i));
            text(svg, x + 15, y, "start", "normal", name);
            x += 40 + CHARACTER * name.length();
        }
    }

    private static void bar(StringBuilder svg, Panel panel, double value, String colour, int y) {
        double end = x(panel, value);
        rectangle(svg, LEFT, y + 1, Math.max(1, end - LEFT), BAR - 2, colour);
        text(svg, end + 5, y + BAR - 4, "start", "normal", Numbers.text(value));
    }

    private static double x(Panel panel, double value) {
        double share = (Math.log10(value) - panel.lowest()) / (panel.highest() - panel.lowest());
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private static void rectangle(StringBuilder svg, double x, double y, double width, double height, String colour) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
                x,
                y,
                width,
                height,
                colour));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String weight, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-weight=\"%s\" fill=\"#222222\">%s</text>%n",
                x,
                y,
                anchor,
                weight,
                escaped));
    }
}
