// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.postroad.api.AddressProbe;
import org.postroad.api.AuditAddress;
import org.postroad.api.AuditFinding;
import org.postroad.api.AuditFinding.Level;
import org.postroad.api.AuditHost;
import org.postroad.api.AuditReport;
import org.postroad.api.AuditScenario;
import org.postroad.api.AuditScenario.Down;
import org.postroad.api.AuditScenario.NotTaken;
import org.postroad.api.AuditScenario.Sender;
import org.postroad.api.AuditScenario.Taker;
import org.postroad.api.Lookup;

/** The page of one or more audits. */
final class AuditPage {

    private static final String CLASS = "class";
    private static final String LABEL = "data-label";
    private static final String BADGE = "badge ";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final HtmlPage page;

    private AuditPage(HtmlPage page) {
        this.page = page;
    }

    static HtmlPage of(List<AuditReport> reports) {
        HtmlPage page = new HtmlPage("Mail audit: "
                + reports.stream().map(report -> report.domain().toString()).collect(Collectors.joining(", ")));
        reports.forEach(report -> new AuditPage(page).add(report));
        return page;
    }

    private void add(AuditReport report) {
        page.open("article");
        header(report);
        findings(report);
        scenarios(report);
        hosts(report);
        inOrder(report);
        lookups(report);
        page.close();
    }

    private void header(AuditReport report) {
        page.open("header").element("h1", "How mail reaches " + report.domain());
        page.element("p", "Audit of " + TIME.format(report.at()) + " by Postroad", CLASS, "soft small");
        page.open("p", CLASS, "badges");
        badge(report, Level.PROBLEM, "problem", "problems");
        badge(report, Level.WARNING, "warning", "warnings");
        badge(report, Level.TEMPORARY, "temporary failure", "temporary failures");
        badge(report, Level.OK, "rule kept", "rules kept");
        badge(report, Level.NOT_CHECKED, "rule not checked", "rules not checked");
        page.close().close();
    }

    private void badge(AuditReport report, Level level, String one, String several) {
        int count = of(report, level).size();
        if (count > 0) {
            page.element("span", count + " " + (count == 1 ? one : several), CLASS, BADGE + look(level));
        }
    }

    private static List<AuditFinding> of(AuditReport report, Level level) {
        return report.findings().stream()
                .filter(finding -> finding.level() == level)
                .toList();
    }

    private static String look(Level level) {
        return switch (level) {
            case PROBLEM -> "bad";
            case WARNING, TEMPORARY -> "warn";
            case OK -> "good";
            case NOT_CHECKED -> "note";
        };
    }

    // What to change

    private void findings(AuditReport report) {
        page.open("section").element("h2", "What to change");
        boolean none = true;
        for (Level level : List.of(Level.PROBLEM, Level.WARNING, Level.TEMPORARY)) {
            for (AuditFinding finding : of(report, level)) {
                none = false;
                finding(finding);
            }
        }
        if (none) {
            page.element("p", "Nothing: no rule that was checked is broken.", CLASS, "card");
        }
        page.close();
    }

    private void finding(AuditFinding finding) {
        page.open("div", CLASS, "card edge-" + look(finding.level()));
        page.open("div", CLASS, "head")
                .element("span", finding.level().toString(), CLASS, BADGE + look(finding.level()))
                .element("h3", finding.title())
                .element("span", finding.rule(), CLASS, "soft small mono")
                .close();
        page.element("p", finding.seen());
        if (!finding.recommendation().isEmpty()) {
            page.element("p", finding.recommendation(), CLASS, "soft");
        }
        if (!finding.changes().isEmpty()) {
            page.element("pre", String.join("\n", finding.changes()));
        }
        page.close();
    }

    // Who takes the mail

    private void scenarios(AuditReport report) {
        if (report.scenarios().isEmpty()) {
            return;
        }
        page.open("section").element("h2", "Who takes the mail");
        page.element(
                "p",
                "Decided from DNS by the routing algorithm. Columns: what the sender reaches; it has no relay and no NAT64. Rows: what is"
                        + " down, besides addresses that were silent. Mail that waits stays at the sender and is tried again;"
                        + " mail that bounces is returned.",
                CLASS,
                "soft small");
        page.open("div", CLASS, "table").open("table");
        page.open("thead").open("tr").element("th", "", "scope", "col");
        for (Sender sender : Sender.values()) {
            page.element("th", label(sender), "scope", "col");
        }
        page.close().close().open("tbody");
        Map<Down, List<AuditScenario>> rows = report.scenarios().stream()
                .collect(Collectors.groupingBy(AuditScenario::down, LinkedHashMap::new, Collectors.toList()));
        rows.forEach((down, cells) -> {
            page.open("tr").element("th", down.toString(), "scope", "row");
            cells.forEach(this::cell);
            page.close();
        });
        page.close().close().close().close();
    }

    private static String label(Sender sender) {
        return sender == Sender.DUAL ? "IPv4 and IPv6" : sender.toString();
    }

    private void cell(AuditScenario scenario) {
        String look = scenario.notTaken()
                .map(result -> result.status().isPermanent() ? "bad" : "warn")
                .orElse("good");
        page.open("td", CLASS, look, LABEL, label(scenario.sender())).open("span");
        if (scenario.notTaken().isPresent()) {
            NotTaken result = scenario.notTaken().get();
            page.element("strong", result.toString(), "title", result.rule() + ": " + result.explanation());
        } else {
            page.text(scenario.takers().stream().map(Taker::host).collect(Collectors.joining(" or ")));
        }
        page.close().close();
    }

    // Hosts

    private void hosts(AuditReport report) {
        if (report.hosts().isEmpty()) {
            return;
        }
        page.open("section").element("h2", "Hosts").open("div", CLASS, "table").open("table");
        page.open("thead").open("tr");
        for (String column : List.of("Mail exchanger", "Address", "Answer", "TLS")) {
            page.element("th", column, "scope", "col");
        }
        page.close().close().open("tbody");
        for (AuditHost host : report.hosts()) {
            if (host.addresses().isEmpty()) {
                page.open("tr").element("th", host.toString(), "scope", "row");
                page.element("td", "").element("td", "").element("td", "");
                page.close();
            }
            boolean first = true;
            for (AuditAddress address : host.addresses()) {
                page.open("tr").element("th", first ? host.toString() : "", "scope", "row");
                page.open("td", LABEL, "Address")
                        .element("span", address.address().toString(), CLASS, "mono")
                        .close();
                page.open("td", LABEL, "Answer")
                        .element("span", address.describe(), CLASS, address.answered() ? "" : "soft")
                        .close();
                page.open("td", LABEL, "TLS").element("span", tls(address)).close();
                page.close();
                first = false;
            }
        }
        page.close().close().close().close();
    }

    private static String tls(AuditAddress address) {
        return address.probes().stream()
                .filter(probe -> probe.failure().isEmpty())
                .map(AddressProbe::tls)
                .map(tls -> tls.handshake()
                        .map(handshake ->
                                handshake.protocol() + ", certificate of " + String.join(", ", handshake.names()))
                        .orElse("none"))
                .findFirst()
                .orElse("");
    }

    // The rest

    private void inOrder(AuditReport report) {
        for (Level level : List.of(Level.OK, Level.NOT_CHECKED)) {
            List<AuditFinding> findings = of(report, level);
            if (!findings.isEmpty()) {
                page.open("section").element("h2", level == Level.OK ? "In order" : "Not checked");
                page.open("ul", CLASS, "plain card");
                for (AuditFinding finding : findings) {
                    page.open("li")
                            .element("span", finding.rule(), CLASS, "mono")
                            .open("span");
                    page.element("strong", finding.title()).element("span", finding.seen(), CLASS, "soft");
                    page.close().close();
                }
                page.close().close();
            }
        }
    }

    private void lookups(AuditReport report) {
        page.open("section").open("details").element("summary", "DNS answers");
        page.element("pre", report.lookups().stream().map(Lookup::toString).collect(Collectors.joining("\n")));
        page.close().close();
    }
}
