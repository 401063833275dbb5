// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.util.function.UnaryOperator;
import org.postroad.api.HostName;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;

/**
 * Domains as people write them become host names of A-labels: UTS 46, non-transitional (IDNA2008). With icu4j on the class path
 * that is done in full; without it by java.net.IDN, which knows IDNA2003 only, and whatever that maps to another domain is refused.
 *
 * <p>ASCII goes by untouched but for case and a final dot. So do A-labels ({@code xn--...}): what DNS carries may be asked for,
 * whether today's tables would still make that name or not.
 */
public final class Idna {

    /** The most characters of a domain before conversion. */
    public static final int MAX_INPUT = 1000;

    private Idna() {}

    /**
     * The host name of a domain.
     *
     * @throws IllegalArgumentException if there is none; the message names the domain and says why
     */
    public static HostName toHostName(String domain) {
        if (domain.chars().allMatch(c -> c < 0x80)) {
            return HostName.parse(domain);
        }
        return toHostName(domain, Converter.BEST);
    }

    /**
     * The mailbox of an address as people and programs write it: the domain may be international, there may be white space around it,
     * and it may be in angle brackets, as in the envelope.
     *
     * @throws IllegalArgumentException if there is none; the message names the address and says why
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

    /** Looked for when the first domain needs it. */
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
