// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The SVG plot. */
@NullMarked
class PlotTest {

    private static final Plot.Panel PANEL = new Plot.Panel(
            "Times & <such>",
            "ms",
            List.of("a", "b"),
            List.of(new Plot.Group("first", List.of(0.5, 50.0)), new Plot.Group("second", List.of(5.0, 500.0))));

    @Test
    void thePlotIsXmlWithABarForEachValueAndItsNumber() throws Exception {
        List<Element> rectangles = elements("rect");
        assertThat(rectangles).hasSize(1 + 2 + 4); // background, legend, bars
        assertThat(texts()).contains("Times & <such>", "first", "second", "a", "b", "0.5", "50", "5", "500");
    }

    @Test
    void aFactorOfTenHasAConstantLength() throws Exception {
        List<Double> widths = elements("rect").stream()
                .skip(3)
                .map(bar -> Double.parseDouble(bar.getAttribute("width")))
                .toList();
        assertThat(widths.get(1) - widths.get(0)).isCloseTo(widths.get(3) - widths.get(2), offset(0.2));
        assertThat(widths.get(2)).isGreaterThan(widths.get(0));
    }

    @Test
    void everythingIsWithinTheFrame() throws Exception {
        for (Element rectangle : elements("rect").subList(1, 7)) {
            double end = Double.parseDouble(rectangle.getAttribute("x"))
                    + Double.parseDouble(rectangle.getAttribute("width"));
            assertThat(end).isLessThan(860);
        }
    }

    private static List<String> texts() throws Exception {
        return elements("text").stream().map(Element::getTextContent).toList();
    }

    private static List<Element> elements(String name) throws Exception {
        byte[] svg = Plot.svg(List.of(PANEL)).getBytes(StandardCharsets.UTF_8);
        NodeList found = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg))
                .getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }
}
