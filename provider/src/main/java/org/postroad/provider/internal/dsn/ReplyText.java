// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.util.ArrayList;
import java.util.List;
import org.postroad.api.Printable;
import org.postroad.api.Reply;

/** Formats a server's reply, cleaned. Long replies are common, because they explain the reason and link to more. */
final class ReplyText {

    /** Maximum number of lines of a reply that are shown. The others are counted. */
    static final int MAX_LINES = 20;

    private ReplyText() {}

    /**
     * Returns the code and the lines of the reply. Servers repeat the enhanced status at the start of each line; it is kept in the first
     * line only.
     */
    static List<String> lines(Reply reply) {
        String repeated = reply.enhancedStatus().map(status -> status + " ").orElse("");
        List<String> lines = new ArrayList<>();
        int shown = Math.min(reply.lines().size(), MAX_LINES);
        for (String line : reply.lines().subList(0, shown)) {
            String clean = Printable.clean(line).strip().replaceAll(" {2,}", " ");
            boolean first = lines.isEmpty();
            boolean repeats = !first && (clean + " ").startsWith(repeated);
            lines.add(first ? (reply.code() + " " + clean).strip() : repeats ? after(repeated, clean) : clean);
        }
        if (shown < reply.lines().size()) {
            lines.add("... (" + (reply.lines().size() - shown) + " more lines)");
        }
        lines.removeIf(String::isEmpty);
        return lines;
    }

    /** Returns the whole reply on one line. */
    static String line(Reply reply) {
        return String.join(" ", lines(reply));
    }

    private static String after(String prefix, String line) {
        return line.substring(Math.min(prefix.length(), line.length())).strip();
    }
}
