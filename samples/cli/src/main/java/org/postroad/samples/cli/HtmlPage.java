// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.postroad.api.Printable;

/**
 * One page of HTML in one file: the style sheet is in it, and nothing is loaded and no script is run. All text is escaped here. Elements are
 * closed in the order in which they were opened. Not thread-safe.
 */
final class HtmlPage {

    private static final String STYLES = "page.css";

    private final String title;
    private final StringBuilder body = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    HtmlPage(String title) {
        this.title = title;
    }

    /**
     * Begins an element.
     *
     * @param attributes names and values in turn
     */
    HtmlPage open(String element, String... attributes) {
        body.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            body.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(escape(attributes[i + 1]))
                    .append('"');
        }
        body.append('>');
        open.push(element);
        return this;
    }

    /** Ends the element that was begun last. */
    HtmlPage close() {
        body.append("</").append(open.pop()).append(">\n");
        return this;
    }

    /** Adds text to the open element. */
    HtmlPage text(String text) {
        body.append(escape(text));
        return this;
    }

    /** Adds an element with text. */
    HtmlPage element(String name, String text, String... attributes) {
        return open(name, attributes).text(text).close();
    }

    /**
     * Writes the page.
     *
     * @throws CliException if the file cannot be written
     */
    void write(Path file) {
        try {
            Files.writeString(file, toString());
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.USAGE,
                    "The page " + Printable.quote(file.toString()) + " cannot be written: " + Printable.describe(e),
                    e);
        }
    }

    /** Escapes text for elements and attributes. Characters that HTML does not allow, or that could mislead, become U+FFFD. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(codePoint -> {
            switch (codePoint) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '\n' -> escaped.append('\n');
                default -> escaped.appendCodePoint(Printable.isPlain(codePoint) ? codePoint : 0xfffd);
            }
        });
        return escaped.toString();
    }

    /** {@return the whole page} */
    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("The element " + open.peek() + " is not closed");
        }
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                %s</body>
                </html>
                """.formatted(escape(title), styles(), body);
    }

    private static String styles() {
        try (InputStream in = HtmlPage.class.getResourceAsStream(STYLES)) {
            if (in == null) {
                throw new IllegalStateException("The style sheet " + STYLES + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
