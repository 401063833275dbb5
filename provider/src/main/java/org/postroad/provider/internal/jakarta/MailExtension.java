// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postroad.api.Printable;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.envelope.Returned;

/**
 * The parameters given to {@code SMTPMessage.setMailExtension}, which Angus Mail appends to the MAIL command unchanged. They are parsed
 * here, because they affect more than the command, and must not be sent to servers without the extension.
 *
 * @param requireTls REQUIRETLS
 * @param returned RET
 * @param envelopeId ENVID, decoded
 * @param ignored all other parameters
 */
record MailExtension(
        boolean requireTls, Optional<Returned> returned, Optional<String> envelopeId, List<String> ignored) {

    /** Parameters that are added anyway if the message needs them and the server supports them. */
    private static final Pattern ADDED_BY_US = Pattern.compile("SMTPUTF8|BODY=7BIT|BODY=8BITMIME|SIZE=\\d+");

    private static final Pattern HEX = Pattern.compile("\\+([0-9A-F]{2})");

    MailExtension {
        ignored = List.copyOf(ignored);
    }

    static MailExtension parse(String text) {
        boolean requireTls = false;
        Optional<Returned> returned = Optional.empty();
        Optional<String> envelopeId = Optional.empty();
        List<String> ignored = new ArrayList<>();
        for (String parameter : text.strip().split("\\s+")) {
            String upper = parameter.toUpperCase(Locale.ROOT);
            if (upper.equals("REQUIRETLS") || upper.startsWith("REQUIRETLS=")) {
                requireTls = true; // a value is an error, but must not switch it off
            } else if (upper.equals("RET=FULL") || upper.equals("RET=HDRS")) {
                returned = Optional.of(Returned.valueOf(upper.substring("RET=".length())));
            } else if (upper.startsWith("ENVID=") && id(parameter).isPresent()) {
                envelopeId = id(parameter);
            } else if (!parameter.isEmpty() && !ADDED_BY_US.matcher(upper).matches()) {
                ignored.add("the MAIL parameter " + Printable.quote(parameter)
                        + ", which is not sent: REQUIRETLS, RET and ENVID are");
            }
        }
        return new MailExtension(requireTls, returned, envelopeId, ignored);
    }

    /** Decodes ENVID from xtext (RFC 3461 §4). */
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
