// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postroad.api.Printable;
import org.postroad.provider.internal.smtp.Envelope;
import org.postroad.provider.internal.smtp.Envelope.Returned;

/**
 * What {@code SMTPMessage.setMailExtension} asks for: parameters that Angus Mail appends to the MAIL command as they are. Here they are
 * read, because what they mean is more than a parameter, and servers that lack an extension must not be sent it.
 *
 * @param requireTls REQUIRETLS
 * @param returned RET
 * @param envelopeId ENVID, decoded
 * @param unheeded whatever else there is
 */
record MailExtension(
        boolean requireTls, Optional<Returned> returned, Optional<String> envelopeId, List<String> unheeded) {

    /** Said by ourselves, where the message needs it and the server has it. */
    private static final Pattern OWN = Pattern.compile("SMTPUTF8|BODY=7BIT|BODY=8BITMIME|SIZE=\\d+");

    private static final Pattern HEX = Pattern.compile("\\+([0-9A-F]{2})");

    MailExtension {
        unheeded = List.copyOf(unheeded);
    }

    static MailExtension parse(String text) {
        boolean requireTls = false;
        Optional<Returned> returned = Optional.empty();
        Optional<String> envelopeId = Optional.empty();
        List<String> unheeded = new ArrayList<>();
        for (String parameter : text.strip().split("\\s+")) {
            String upper = parameter.toUpperCase(Locale.ROOT);
            if (upper.equals("REQUIRETLS") || upper.startsWith("REQUIRETLS=")) {
                requireTls = true; // a value is an error that must not switch it off
            } else if (upper.equals("RET=FULL") || upper.equals("RET=HDRS")) {
                returned = Optional.of(Returned.valueOf(upper.substring("RET=".length())));
            } else if (upper.startsWith("ENVID=") && id(parameter).isPresent()) {
                envelopeId = id(parameter);
            } else if (!parameter.isEmpty() && !OWN.matcher(upper).matches()) {
                unheeded.add("the MAIL parameter " + Printable.quote(parameter)
                        + ", which is not sent: REQUIRETLS, RET and ENVID are");
            }
        }
        return new MailExtension(requireTls, returned, envelopeId, unheeded);
    }

    /** RFC 3461 §4: xtext. */
    private static Optional<String> id(String parameter) {
        Matcher escapes = HEX.matcher(parameter.substring("ENVID=".length()));
        String decoded = escapes.replaceAll(
                escape -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
        try {
            return Optional.of(Envelope.checkedId(decoded));
        } catch (IllegalArgumentException noId) {
            return Optional.empty();
        }
    }
}
