// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.util.function.UnaryOperator;
import org.postroad.api.HostName;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;

/**
 * Converts domains as users write them to host names of A-labels: UTS 46, non-transitional (IDNA2008). With icu4j on the class path, the
 * conversion is complete. Without it, java.net.IDN is used, which supports IDNA2003 only, and any domain that IDNA2003 could map to a
 * different one is rejected.
 *
 * <p>ASCII domains are unchanged except for case and a final dot. This includes A-labels ({@code xn--...}): a name that exists in DNS may
 * be queried even if the current tables would not produce it.
 */
public final class Idna {

    /** Maximum number of characters of a domain before conversion. */
    public static final int MAX_INPUT = 1000;

    private Idna() {}

    /**
     * Returns the host name of a domain.
     *
     * @throws IllegalArgumentException if the domain is invalid; the message names it and gives the reason
     */
    public static HostName toHostName(String domain) {
        if (domain.chars().allMatch(c -> c < 0x80)) {
            return HostName.parse(domain);
        }
        return toHostName(domain, Converter.BEST);
    }

    /**
     * Returns the mailbox of an address as users and programs write it. The domain may be internationalised. The address may be surrounded
     * by white space, and may be in angle brackets, as in the envelope.
     *
     * @throws IllegalArgumentException if the address is invalid; the message names it and gives the reason
     */
    public static Mailbox toMailbox(String address) {
        String text = withoutBrackets(address.strip());
        int domain = text.lastIndexOf('@') + 1;
        boolean named = domain > 0 && domain < text.length() && text.charAt(domain) != '[';
        return Mailbox.parse(named ? text.substring(0, domain) + toHostName(text.substring(domain)) : text);
    }

    private static String withoutBrackets(String text) {
        return text.startsWith("<") && text.endsWith(">")
                ? text.substring(1, text.length() - 1).strip()
                : text;
    }

    static HostName toHostName(String domain, UnaryOperator<String> toAscii) {
        if (domain.length() > MAX_INPUT) {
            throw new IllegalArgumentException("The domain " + Printable.quote(domain) + " has " + domain.length()
                    + " characters; at most " + MAX_INPUT + " are allowed");
        }
        if (domain.codePoints().anyMatch(Idna::isNeverInADomain)) {
            throw new IllegalArgumentException(
                    "The domain " + Printable.quote(domain) + " has a control character or half a surrogate pair");
        }
        return HostName.parse(toAscii.apply(domain));
    }

    private static boolean isNeverInADomain(int codePoint) {
        int kind = Character.getType(codePoint);
        return kind == Character.CONTROL || kind == Character.SURROGATE;
    }

    /** Initialised when the first domain needs it. */
    private static final class Converter {
        static final UnaryOperator<String> BEST = best();

        private static UnaryOperator<String> best() {
            try {
                return IcuIdna.converter();
            } catch (LinkageError withoutIcu) {
                return JdkIdna::toAscii;
            }
        }
    }
}
