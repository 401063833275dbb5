// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.report;

import java.io.StringWriter;
import java.time.Duration;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.postroad.tck.report.TestRun.Result;

/** Writes the report in JUnit's XML format, which build servers read. */
final class XmlReport {

    private XmlReport() {}

    static String of(Conformance conformance) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", conformance.title());
            xml.writeAttribute("tests", String.valueOf(conformance.tests().size()));
            xml.writeAttribute("failures", String.valueOf(count(conformance, Result.FAILED)));
            xml.writeAttribute(
                    "skipped",
                    String.valueOf(conformance.tests().size()
                            - count(conformance, Result.FAILED)
                            - count(conformance, Result.PASSED)));
            for (TestRun test : conformance.tests()) {
                write(xml, conformance.subject(), test);
            }
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("XML cannot be written to memory", e);
        }
        return text.toString();
    }

    private static long count(Conformance conformance, Result result) {
        return conformance.tests().stream()
                .filter(test -> test.result() == result)
                .count();
    }

    private static void write(XMLStreamWriter xml, String subject, TestRun test) throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", subject);
        xml.writeAttribute("name", test.id() + " " + test.name());
        xml.writeAttribute("time", seconds(test.took()));
        switch (test.result()) {
            case PASSED -> {}
            case FAILED -> {
                xml.writeStartElement("failure");
                xml.writeAttribute(
                        "message", printable(test.detail().lines().findFirst().orElse("")));
                xml.writeCharacters(printable(test.detail()));
                xml.writeEndElement();
            }
            case SKIPPED, RELAXED, WAIVED, NOT_RUN -> {
                xml.writeStartElement("skipped");
                xml.writeAttribute("message", test.result() + ": " + printable(test.detail()));
                xml.writeEndElement();
            }
        }
        xml.writeEndElement();
    }

    private static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.3f", took.toNanos() / 1e9);
    }

    /** Replaces control characters, which XML 1.0 does not allow, not even as references. */
    private static String printable(String text) {
        return text.replaceAll("[^\\t\\n\\r\\u0020-\\uD7FF\\uE000-\\uFFFD]", "?");
    }
}
