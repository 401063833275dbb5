// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.util.Optional;
import java.util.regex.Pattern;
import org.postroad.api.HostName;
import org.postroad.api.Printable;
import org.postroad.provider.internal.dns.Idna;

/** Checks the name under which we speak to servers: a host's name as RFC 5321 §4.1.2 has it, letters, digits and hyphens. */
public final class HelloName {

    static final String ALLOWED = "a fully qualified host name, such as mail.example.org";

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private HelloName() {}

    /**
     * Reads a name.
     *
     * @throws IllegalArgumentException if no host can have it; the message names it and says why
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
     * Why servers may refuse a name that {@link #parse} takes; empty: nothing is wrong with it.
     *
     * @param text as it was written
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
