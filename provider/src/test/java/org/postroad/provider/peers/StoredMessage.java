// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message as a mail server stored it. Servers add their own fields at the top; all octets below are the sender's.
 * Text is ISO 8859-1, one character for each octet.
 *
 * @param trace the server's own fields, unfolded, from the top
 * @param content the rest, with the line ends of the mailbox (LF)
 */
record StoredMessage(List<String> trace, String content) {

    private static final Set<String> OWN_FIELDS =
            Set.of("return-path", "x-original-to", "delivered-to", "received", "envelope-to", "delivery-date");
    private static final Pattern FIELD = Pattern.compile("(?<name>[!-9;-~]+):[^\n]*\n(?:[ \t][^\n]*\n)*");

    StoredMessage {
        trace = List.copyOf(trace);
    }

    static StoredMessage parse(String stored) {
        List<String> trace = new ArrayList<>();
        Matcher field = FIELD.matcher(stored);
        int contentStart = 0;
        while (field.find(contentStart)
                && field.start() == contentStart
                && OWN_FIELDS.contains(field.group("name").toLowerCase(Locale.ROOT))) {
            trace.add(field.group().strip().replaceAll("\n[ \t]+", " "));
            contentStart = field.end();
        }
        return new StoredMessage(trace, stored.substring(contentStart));
    }

    /** Returns the {@code Received} fields, that of the last server first. */
    List<String> received() {
        return trace.stream().filter(field -> field.startsWith("Received: ")).toList();
    }

    /** Returns whether the server stored it for that recipient. */
    boolean isFor(String recipient) {
        return trace.contains("X-Original-To: " + recipient) || trace.contains("Envelope-to: " + recipient);
    }
}
