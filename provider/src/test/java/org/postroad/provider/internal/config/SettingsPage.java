// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The reference of settings, read from the package documentation of {@code org.postroad.provider}, and formatted as the page
 * {@code SETTINGS.md}. It reads only the few elements that the documentation uses.
 */
final class SettingsPage {

    /** A setting of the reference. All texts are Markdown; the name is plain. */
    record Row(String name, String type, String standard, String values, String description) {}

    private static final String HEAD = """
            # Settings

            Generated from the package documentation of `org.postroad.provider`, which also has the sections "Implementations" and "Limits
            on servers"; do not edit. `CONTRIBUTING.md` has the command.

            """;

    private static final Pattern ROW =
            Pattern.compile("<tr id=\"([^\"]*)\"><td>(.*?)</td>\\s*<td>(.*?)</td>\\s*<td>(.*?)</td>"
                    + "\\s*<td>(.*?)</td>\\s*<td>(.*?)</td>\\s*</tr>");
    private static final Pattern BLOCK = Pattern.compile(
            "<h3>(?<heading>.*?)</h3>|<caption>(?<caption>.*?)</caption>"
                    + "|<tr id=.*?</tr>|<dt>(?<term>.*?)</dt>\\s*<dd>(?<meaning>.*?)</dd>|<p>(?<paragraph>.*?)(?=<p>|<dl>|<h3>|<table>|$)");
    private static final Pattern INLINE =
            Pattern.compile("\\{@code ([^}]*)}|\\{@link ([^}]*)}|</?i>|&lt;|&gt;|&amp;|\\|");

    private final String reference;
    private final Map<String, Row> rows;

    private SettingsPage(String reference) {
        this.reference = reference;
        this.rows = ROW.matcher(reference)
                .results()
                .map(SettingsPage::row)
                .collect(Collectors.toMap(Row::name, row -> row, SettingsPage::refuseTwo, LinkedHashMap::new));
    }

    /** Reads the section "Settings" of a {@code package-info.java}. */
    static SettingsPage of(String packageInfo) {
        String section = packageInfo
                .replaceFirst("(?s)^.*<h2>Settings</h2>", "")
                .replaceFirst("(?s)<h2>.*$", "")
                .replaceAll("\\n \\* ?", "\n")
                .replaceAll("\\s+", " ")
                .strip();
        return new SettingsPage(section);
    }

    List<Row> rows() {
        return List.copyOf(rows.values());
    }

    /** Returns the types that the reference explains. */
    List<String> types() {
        return Pattern.compile("<dt>(.*?)</dt>")
                .matcher(reference)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** Returns the number of table rows with an id, whether or not they could be read. */
    int rowCount() {
        return (int) Pattern.compile("<tr id=").matcher(reference).results().count();
    }

    String markdown() {
        StringBuilder page = new StringBuilder(HEAD);
        String tier = "";
        Matcher block = BLOCK.matcher(reference);
        while (block.find()) {
            if (block.group("heading") != null) {
                tier = block.group("heading");
                page.append("## ").append(tier).append("\n\n");
            } else if (block.group("caption") != null) {
                page.append(tableHead(tier, block.group("caption")));
            } else if (block.group("term") != null) {
                page.append("- **").append(inline(block.group("term"))).append("**: ");
                page.append(inline(block.group("meaning"))).append('\n');
            } else if (block.group("paragraph") != null) {
                page.append(inline(block.group("paragraph"))).append("\n\n");
            } else {
                page.append(line(block.group()));
            }
        }
        return page.toString()
                        .replaceAll("\\n(## |### )", "\n\n$1")
                        .replaceAll("\\n{3,}", "\n\n")
                        .strip() + "\n";
    }

    /** The only table of a tier needs no heading of its own. */
    private static String tableHead(String tier, String caption) {
        String heading = caption.equals(tier + " settings") ? "" : "### " + caption + "\n\n";
        return heading + "| Name | Type | Default | Values | Description |\n|---|---|---|---|---|\n";
    }

    private String line(String html) {
        Matcher matcher = ROW.matcher(html);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a row that cannot be read: " + html);
        }
        Row row = row(matcher.toMatchResult());
        return "| "
                + String.join(
                        " | ",
                        "<a id=\"" + row.name() + "\"></a>`" + row.name() + "`",
                        row.type(),
                        linked(row, row.standard()),
                        linked(row, row.values()),
                        linked(row, row.description()))
                + " |\n";
    }

    /** Makes links of the names of other settings. */
    private String linked(Row self, String text) {
        return Pattern.compile("`(mail\\.mx\\.[a-z0-9.]+)`").matcher(text).replaceAll(match -> {
            String name = match.group(1);
            return name.equals(self.name()) || !rows.containsKey(name) ? "$0" : "[$0](#" + name + ")";
        });
    }

    private static Row row(MatchResult match) {
        String name = match.group(1);
        if (!match.group(2).equals("{@code " + name + "}")) {
            throw new IllegalArgumentException("the anchor " + name + " is not that of its row: " + match.group(2));
        }
        return new Row(
                name, inline(match.group(3)), inline(match.group(4)), inline(match.group(5)), inline(match.group(6)));
    }

    private static Row refuseTwo(Row one, Row other) {
        throw new IllegalArgumentException("two rows for " + one.name());
    }

    private static String inline(String html) {
        String text = INLINE.matcher(html.strip())
                .replaceAll(match -> Matcher.quoteReplacement(inline(match.group(), match.group(1), match.group(2))));
        if (text.replaceAll("`[^`]*`", "").matches(".*(\\{@|</?[a-z]+>).*")) {
            throw new IllegalArgumentException("an element that cannot be read: " + html);
        }
        return text;
    }

    private static String inline(String element, @Nullable String code, @Nullable String link) {
        if (code != null) {
            return "`" + code.replace("|", "\\|") + "`";
        }
        if (link != null) {
            return "`" + link.replaceFirst("^([a-z]+\\.)+", "").replace('#', '.') + "`";
        }
        return switch (element) {
            case "&lt;" -> "\\<";
            case "&gt;" -> ">";
            case "&amp;" -> "&";
            case "|" -> "\\|";
            default -> "*";
        };
    }
}
