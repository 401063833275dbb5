// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The text of an audit. Hosts get a letter, so that the table of scenarios is narrow. */
final class AuditText {

    private static final int WIDTH = 96;
    private static final int COLUMN = 14;
    private static final String SCENARIOS = "Mail of a sender that reaches";
    private static final String INDENT = "            ";
    private static final int LETTERS = 26;

    private final List<AuditHost> hosts;
    private final Map<String, String> letters = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();

    AuditText(List<AuditHost> hosts) {
        this.hosts = hosts;
        hosts.stream()
                .filter(host -> host.unusable().isEmpty())
                .forEach(host -> letters.computeIfAbsent(host.name(), name -> letter(letters.size())));
    }

    private static String letter(int index) {
        String last = String.valueOf((char) ('A' + index % LETTERS));
        return index < LETTERS ? last : letter(index / LETTERS - 1) + last;
    }

    String of(Domain domain, List<AuditScenario> scenarios, List<AuditFinding> findings) {
        text.append(domain).append(": ").append(summary(findings));
        hosts();
        scenarios(scenarios);
        text.append("\n\nFindings");
        findings.forEach(this::finding);
        return text.toString();
    }

    private static String summary(List<AuditFinding> findings) {
        Map<AuditFinding.Level, Long> counts = findings.stream()
                .collect(Collectors.groupingBy(
                        AuditFinding::level, () -> new EnumMap<>(AuditFinding.Level.class), Collectors.counting()));
        List<String> parts = new ArrayList<>();
        parts.add(counted(counts, AuditFinding.Level.PROBLEM, "problem", "problems"));
        parts.add(counted(counts, AuditFinding.Level.WARNING, "warning", "warnings"));
        parts.add(counted(counts, AuditFinding.Level.TEMPORARY, "temporary failure", "temporary failures"));
        parts.add(counted(counts, AuditFinding.Level.NOT_CHECKED, "rule not checked", "rules not checked"));
        parts.removeIf(String::isEmpty);
        return parts.isEmpty() ? "no problem" : String.join(", ", parts);
    }

    private static String counted(
            Map<AuditFinding.Level, Long> counts, AuditFinding.Level level, String one, String several) {
        long count = counts.getOrDefault(level, 0L);
        return count == 0 ? "" : count + " " + (count == 1 ? one : several);
    }

    private void hosts() {
        if (hosts.isEmpty()) {
            return;
        }
        text.append("\n\nHosts");
        for (AuditHost host : hosts) {
            text.append("\n  ").append(pad(letters.getOrDefault(host.name(), "-"), 2));
            wrap(host.toString(), "     ");
            for (AuditAddress address : host.addresses()) {
                text.append("\n     ");
                wrap(pad(address.address().toString(), 24) + " " + address.describe(), "       ");
            }
        }
    }

    private void scenarios(List<AuditScenario> scenarios) {
        if (scenarios.isEmpty()) {
            return;
        }
        Map<AuditScenario.Down, List<AuditScenario>> rows = scenarios.stream()
                .collect(Collectors.groupingBy(AuditScenario::down, LinkedHashMap::new, Collectors.toList()));
        Map<AuditScenario.Down, String> names = new LinkedHashMap<>();
        rows.keySet().forEach(down -> names.put(down, name(down)));
        int width = names.values().stream().mapToInt(String::length).max().orElse(0);
        int first = Math.max(width + 4, SCENARIOS.length() + 1);
        text.append("\n\n").append(pad(SCENARIOS, first));
        for (AuditScenario.Sender sender : AuditScenario.Sender.values()) {
            text.append(pad(sender.toString(), COLUMN));
        }
        trim();
        rows.forEach((down, cells) -> {
            text.append("\n  ").append(pad(names.getOrDefault(down, ""), first - 2));
            cells.forEach(cell -> text.append(pad(cell(cell), COLUMN)));
            trim();
        });
    }

    private String name(AuditScenario.Down down) {
        String letter = letters.getOrDefault(down.host(), down.host());
        return switch (down.kind()) {
            case NOTHING -> "nothing down";
            case HOST -> letter + " down";
            case ADDRESS -> down.addresses().get(0) + " (" + letter + ") down";
        };
    }

    private String cell(AuditScenario scenario) {
        return scenario.notTaken()
                .map(AuditScenario.NotTaken::toString)
                .orElseGet(() -> scenario.takers().stream()
                        .map(taker -> letters.getOrDefault(taker.host(), taker.host()))
                        .collect(Collectors.joining(" or ")));
    }

    private void finding(AuditFinding finding) {
        text.append("\n  ").append(pad(finding.rule(), 9)).append(' ');
        wrap(finding.level() + ": " + finding.seen(), INDENT);
        if (!finding.recommendation().isEmpty()) {
            text.append('\n').append(INDENT);
            wrap(finding.recommendation(), INDENT);
        }
        finding.changes()
                .forEach(change -> text.append('\n').append(INDENT).append("  ").append(change));
    }

    /** Appends words, with a line break before each that does not fit. */
    private void wrap(String words, String indent) {
        int column = text.length() - text.lastIndexOf("\n") - 1;
        boolean first = true;
        for (String word : words.split(" ", -1)) {
            if (!first && column + 1 + word.length() > WIDTH) {
                text.append('\n').append(indent);
                column = indent.length();
            } else if (!first) {
                text.append(' ');
                column++;
            }
            text.append(word);
            column += word.length();
            first = false;
        }
    }

    private void trim() {
        int end = text.length();
        while (text.charAt(end - 1) == ' ') {
            end--;
        }
        text.setLength(end);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length())) + (text.length() >= width ? " " : "");
    }
}
