// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.postroad.tck.Options;
import org.postroad.tck.ReportSubjects;
import org.w3c.dom.Element;

/** Reads the reports back and checks their content. */
class ConformanceListenerTest {

    @TempDir
    Path folder;

    @BeforeEach
    void tell() {
        System.setProperty(Options.REPORT, folder.toString());
    }

    @AfterEach
    void forget() {
        System.clearProperty(Options.REPORT);
    }

    /** Runs tests as a build does, but with this listener only. Returns the console output. */
    private static String run(DiscoverySelector... selectors) {
        PrintStream console = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            LauncherFactory.create(LauncherConfig.builder()
                            .enableTestExecutionListenerAutoRegistration(false)
                            .addTestExecutionListeners(new ConformanceListener())
                            .build())
                    .execute(LauncherDiscoveryRequestBuilder.request()
                            .selectors(selectors)
                            .build());
        } finally {
            System.setOut(console);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    private String report(Class<?> subject, String kind) throws Exception {
        return Files.readString(folder.resolve(subject.getName()).resolve("report." + kind));
    }

    @Test
    void report_statesConformance() throws Exception {
        String line = run(selectClass(ReportSubjects.GOOD));
        assertThat(line).startsWith("postroad-tck: 4/4 MUST, report: ").contains("report.html");
        assertThat(report(ReportSubjects.GOOD, "html"))
                .contains("conforms</span>", "SORT-01", "4 / 4")
                .doesNotContain("pill failed", "<script", "http://", "https://");
        assertThat(report(ReportSubjects.GOOD, "md"))
                .startsWith("# Conformance: AddressOrderTck " + ReportSubjects.GOOD.getName() + "\n\n**4/4 MUST**");
    }

    @Test
    void report_statesNonconformanceWithTheReasons() throws Exception {
        String line = run(selectClass(ReportSubjects.BAD));
        assertThat(line).startsWith("postroad-tck: 3/4 MUST, report: ");
        assertThat(report(ReportSubjects.BAD, "html"))
                .contains("does not conform</span>", "pill failed", "observed: [Candidate[address=");
        assertThat(report(ReportSubjects.BAD, "md"))
                .contains("| SORT-01 | MUST | failed |", "### `SORT_01_mixedFamiliesAreComplete`", "expected:");
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve(ReportSubjects.BAD.getName())
                        .resolve("report.xml")
                        .toFile())
                .getDocumentElement();
        assertThat(suite.getAttribute("tests")).isEqualTo("7");
        assertThat(suite.getAttribute("failures")).isEqualTo("2");
        assertThat(suite.getElementsByTagName("failure").getLength()).isEqualTo(2);
    }

    @Test
    void report_hasWaiversWithTheirReasons() throws Exception {
        assertThat(run(selectClass(ReportSubjects.WAIVED))).startsWith("postroad-tck: 3/4 MUST (1 waived), report: ");
        assertThat(report(ReportSubjects.WAIVED, "html")).contains("conforms but for 1 waiver</span>", "has a reason");
        assertThat(report(ReportSubjects.WAIVED, "md")).contains("## Waivers", "has a reason");
    }

    @Test
    void report_itsTitleSaysThatOnlyMustWasRequired() throws Exception {
        System.setProperty(Options.LEVEL, "must");
        try {
            run(selectClass(ReportSubjects.GOOD));
        } finally {
            System.clearProperty(Options.LEVEL);
        }
        assertThat(report(ReportSubjects.GOOD, "md")).startsWith("# Conformance, MUST only: ");
        assertThat(report(ReportSubjects.GOOD, "html")).contains("MUST only");
    }

    @Test
    void report_aFilteredRunIsNotAConformanceStatement() throws Exception {
        String line = run(selectNestedClass(List.of(ReportSubjects.GOOD), ReportSubjects.GOOD_PART));
        assertThat(line).contains(", partial, report: ");
        assertThat(report(ReportSubjects.GOOD, "html")).contains("partial, not a conformance statement");
        assertThat(report(ReportSubjects.GOOD, "md")).startsWith("# Partial, not a conformance statement");
    }

    @Test
    void report_eachSubjectOfARunHasItsOwnReport() throws Exception {
        String lines = run(selectClass(ReportSubjects.BAD), selectClass(ReportSubjects.GOOD));
        assertThat(lines.lines()).hasSize(2);
        assertThat(report(ReportSubjects.GOOD, "html")).contains("conforms</span>");
        assertThat(report(ReportSubjects.BAD, "html")).contains("does not conform</span>");
    }

    @Test
    void report_ignoresOtherTests() {
        assertThat(run(selectClass(Others.class))).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    /** A class without tests of requirements. */
    static class Others {
        @Test
        void something() {}
    }
}
