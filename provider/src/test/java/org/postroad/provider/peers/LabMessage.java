// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.util.Locale;

/**
 * A message as the application composes it.
 *
 * @param text with CRLF, one character for each octet (ISO 8859-1)
 */
record LabMessage(String text) {

    /** UTF-8 text that ends in a space. */
    static final String LONG_LINE = "<p>" + "Gr\u00c3\u00bc\u00c3\u009fe, und so weiter. ".repeat(80);

    /** A message that any server can accept. */
    static LabMessage plain() {
        return withBody("text/plain; charset=us-ascii", "7bit", "Good evening.\r\n");
    }

    /**
     * A message that a faulty client would damage: octets above 127, lines that begin with a dot or consist of one, lines of maximum
     * length.
     */
    static LabMessage difficult() {
        StringBuilder body = new StringBuilder("Gr\u00c3\u00bc\u00c3\u009fe\r\n.\r\n..\r\n.dot\r\n\r\n \r\n");
        body.append("x".repeat(998)).append("\r\n.").append("y".repeat(997)).append("\r\n");
        for (int line = 0; line < 20_000; line++) {
            body.append(String.format(Locale.ROOT, "%05d \u00c3\u00a9t\u00c3\u00a9, and so on, and so on\r\n", line));
        }
        return withBody(
                "text/plain; charset=utf-8", "8bit", body.append(".\r\n").toString());
    }

    /** A message that servers refuse if they enforce RFC 5321 §4.5.3.1.6: lines of more than 998 octets in header and body. */
    static LabMessage longLines() {
        LabMessage mail = withBody("text/html; charset=utf-8", "8bit", LONG_LINE + "\r\n");
        return new LabMessage(
                "References: " + "<1234567890@sender.example> ".repeat(60) + "<0@x.example>\r\n" + mail.text());
    }

    /** Returns the message with a signature, so that nothing may be changed. */
    LabMessage signed() {
        return new LabMessage("DKIM-Signature: v=1; a=rsa-sha256; d=sender.example; s=x; h=from; bh=x; b=x\r\n" + text);
    }

    /** Returns the message as a mailbox stores it, with LF. */
    String stored() {
        return text.replace("\r\n", "\n");
    }

    private static LabMessage withBody(String type, String encoding, String body) {
        return new LabMessage("""
                Date: Mon, 23 Nov 2026 18:30:00 +0000
                From: Application <application@sender.example>
                To: undisclosed-recipients:;
                Message-ID: <mail@sender.example>
                Subject: A mail to real servers
                 on two lines
                MIME-Version: 1.0
                Content-Type: %s
                Content-Transfer-Encoding: %s

                """.formatted(type, encoding).replace("\n", "\r\n") + body);
    }
}
