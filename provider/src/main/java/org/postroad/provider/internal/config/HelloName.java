// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.util.Optional;
import java.util.regex.Pattern;
import org.postroad.api.HostName;
import org.postroad.api.Printable;
import org.postroad.provider.internal.dns.Idna;

/** Checks the name for EHLO: a host name of letters, digits and hyphens (RFC 5321 §4.1.2). */
public final class HelloName {

    static final String ALLOWED = "a fully qualified host name, such as mail.example.org";

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private HelloName() {}

    /**
     * Parses a name.
     *
     * @throws IllegalArgumentException if no host can have this name; the message names it and gives the reason
     */
    public static HostName parse(String text) {
        HostName name = Idna.toHostName(text);
        for (String label : name.text().split("\\.")) {
            if (label.startsWith("-") || label.endsWith("-")) {
                throw new IllegalArgumentException("The host name " + Printable.quote(name.text())
                        + " has a label that begins or ends with a hyphen (RFC 1123 §2.1)");
            }
        }
        if (NUMBER.matcher(lastLabel(name)).matches()) {
            throw new IllegalArgumentException(
                    "The host name " + Printable.quote(name.text()) + " ends with a number, as an address does");
        }
        return name;
    }

    private static String lastLabel(HostName name) {
        return name.text().substring(name.text().lastIndexOf('.') + 1);
    }

    /**
     * Returns why servers may refuse a name that {@link #parse} accepts.
     *
     * @param text the name as it was written
     * @return empty if nothing is wrong with it
     */
    public static Optional<String> doubt(String text, HostName name) {
        if (name.text().indexOf('.') < 0) {
            return Optional.of("it is not fully qualified");
        }
        if (name.text().indexOf('_') >= 0) {
            return Optional.of("it has an underscore, which no host name has (RFC 1123 §2.1)");
        }
        return text.chars().allMatch(c -> c < 0x80)
                ? Optional.empty()
                : Optional.of("it has characters beyond ASCII, and goes out as " + name);
    }
}
