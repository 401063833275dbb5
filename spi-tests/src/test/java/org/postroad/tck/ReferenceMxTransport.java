// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.event.TransportEvent;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postroad.api.Mailbox;

/**
 * A transport that meets the contract and does one thing after the other. This class implements Jakarta Mail's contract. Its
 * superclasses, from the last to the first: {@link ReferenceRouting}, {@link ReferenceDane}, {@link ReferenceRelays},
 * {@link ReferenceAddresses}, {@link ReferenceConversation}. Each protected method makes one decision, so that a broken
 * transport overrides one method.
 */
class ReferenceMxTransport extends ReferenceRouting {

    private static final int MOST_OCTETS_IN_A_LINE = 998;
    private static final Pattern BOUNDARY =
            Pattern.compile("(?mi)^Content-Type: *multipart/.*boundary=\"?([^\";\r\n]+)");
    private static final Pattern SIGNED = Pattern.compile("(?mi)^(DKIM-Signature:|Content-Type: *multipart/signed)");

    ReferenceMxTransport(Session session) {
        super(session);
    }

    @Override
    protected boolean protocolConnect(String host, int port, String user, String password) {
        return true;
    }

    @Override
    public void sendMessage(Message message, Address[] addresses) throws MessagingException {
        checkConnected();
        Address[] recipients = recipients(addresses);
        if (recipients.length == 0) {
            whenThereAreNoRecipients();
            return;
        }
        Mail mail = new Mail(sender(message), content(message));
        Map<String, ReferenceOutcome> outcomes = new HashMap<>();
        Map<String, List<String>> byDomain = new LinkedHashMap<>();
        for (Address address : recipients) {
            String text = text(address);
            if (isMalformed(text)) {
                outcomes.put(
                        text, new ReferenceOutcome(ReferenceOutcome.Kind.REJECTED, 501, "5.1.3", "malformed", true));
            } else {
                byDomain.computeIfAbsent(domain(onTheWire(text)), first -> new ArrayList<>())
                        .add(onTheWire(text));
            }
        }
        byDomain.forEach((domain, own) ->
                outcomes.putAll(deliver(domain, mail, own.stream().distinct().toList())));
        tell(message, recipients, outcomes);
    }

    protected void checkConnected() {
        if (!isConnected()) {
            throw new IllegalStateException("not connected");
        }
    }

    protected void whenThereAreNoRecipients() throws MessagingException {
        throw new SendFailedException("no recipients");
    }

    /** Replaces groups by their members. */
    protected Address[] recipients(Address[] addresses) throws MessagingException {
        List<Address> recipients = new ArrayList<>();
        for (Address address : addresses) {
            InternetAddress internet = (InternetAddress) address;
            recipients.addAll(internet.isGroup() ? List.of(internet.getGroup(false)) : List.of(internet));
        }
        return recipients.toArray(Address[]::new);
    }

    /** Returns whether the address has no domain, or contains something that is not allowed. */
    protected boolean isMalformed(String text) {
        try {
            return Mailbox.parse(onTheWire(text)).toString().isEmpty();
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static String text(Address address) {
        String text = ((InternetAddress) address).getAddress();
        return text == null ? "" : text;
    }

    private static String domain(String recipient) {
        return recipient.substring(recipient.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    }

    /** LOOKUP-01: converts the domain to A-labels. */
    protected String onTheWire(String text) {
        int at = text.lastIndexOf('@');
        boolean named = at >= 0 && !text.startsWith("[", at + 1);
        return named ? text.substring(0, at + 1) + IDN.toASCII(text.substring(at + 1)) : text;
    }

    /** Returns the reverse-path. */
    protected String sender(Message message) throws MessagingException {
        String configured = setting("from", "");
        if (!configured.isEmpty()) {
            return configured.equals("<>") ? "" : configured;
        }
        Address[] from = message.getFrom();
        if (from == null || from.length == 0) {
            return whenThereIsNoSender();
        }
        return text(from[0]);
    }

    protected String whenThereIsNoSender() throws MessagingException {
        throw new SendFailedException("no sender");
    }

    /**
     * Returns the message with CRLF line ends, without headers that are not for the recipients, and with the mandatory headers.
     */
    protected byte[] content(Message message) throws MessagingException {
        String text = wholeLines(encoded(written(message)));
        int end = text.startsWith("\r\n") ? 0 : text.indexOf("\r\n\r\n") + 2;
        String headers = text.substring(0, Math.max(0, end));
        return (missing(headers) + text).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Encodes each part separately, but nothing that is signed. */
    protected String encoded(String text) {
        int end = text.indexOf("\r\n\r\n") + 2;
        if (end < 2 || isSigned(text.substring(0, end))) {
            return text;
        }
        String headers = text.substring(0, end);
        String body = text.substring(end + 2);
        if (BOUNDARY.matcher(headers).find()) {
            return withEncodedParts(headers, body);
        }
        return isBinary(headers, body) || hasLongLine(body) ? asBase64(headers, body) : text;
    }

    /** RFC 2045 §6.4: encodes only parts that do not contain parts themselves. */
    protected String withEncodedParts(String headers, String body) {
        Matcher boundary = BOUNDARY.matcher(headers);
        String delimiter = boundary.find() ? "\r\n--" + boundary.group(1) : "\r\n";
        List<String> parts = new ArrayList<>();
        for (String part : ("\r\n" + body).split(Pattern.quote(delimiter), -1)) {
            parts.add(part.startsWith("\r\n") ? "\r\n" + encoded(part.substring(2)) : part);
        }
        return headers + String.join(delimiter, parts);
    }

    protected static String asBase64(String headers, String body) {
        return headers.replaceAll("(?mi)^Content-Transfer-Encoding: .*\r\n", "")
                + "Content-Transfer-Encoding: base64\r\n\r\n"
                + Base64.getMimeEncoder().encodeToString(body.getBytes(StandardCharsets.ISO_8859_1)) + "\r\n";
    }

    /** MAIL-34. */
    protected boolean isSigned(String headers) {
        return SIGNED.matcher(headers).find();
    }

    /** MAIL-30: returns whether the octets are not lines of text (RFC 2045 §6.2, RFC 5322 §3.5). */
    protected boolean isBinary(String headers, String body) {
        return headers.contains("Content-Transfer-Encoding: binary\r\n") || body.indexOf('\0') >= 0;
    }

    /** MAIL-34: RFC 5321 §4.5.3.1.6. */
    protected boolean hasLongLine(String body) {
        return body.lines().anyMatch(line -> line.length() > MOST_OCTETS_IN_A_LINE);
    }

    private String written(Message message) throws MessagingException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try {
            ((MimeMessage) message).writeTo(octets, notForRecipients());
        } catch (IOException e) {
            return whenItCannotBeWritten(octets.toString(StandardCharsets.ISO_8859_1), e);
        }
        return octets.toString(StandardCharsets.ISO_8859_1);
    }

    protected String whenItCannotBeWritten(String half, IOException failure) throws MessagingException {
        throw new MessagingException("The message cannot be written", failure);
    }

    protected String[] notForRecipients() {
        return new String[] {"Bcc", "Resent-Bcc", "Return-Path", "Content-Length"};
    }

    /** RFC 5321 §2.3.8. */
    protected String wholeLines(String text) {
        String whole = text.replaceAll("\r\n|\r|\n", "\r\n");
        return whole.endsWith("\r\n") ? whole : whole + "\r\n";
    }

    /** RFC 5322 §3.6. */
    protected String missing(String headers) {
        String lines = "\r\n" + headers.toLowerCase(Locale.ROOT);
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
        return (lines.contains("\r\ndate:") ? "" : "Date: " + date + "\r\n")
                + (lines.contains("\r\nmessage-id:") ? "" : "Message-ID: <" + UUID.randomUUID() + "@client.test>\r\n");
    }

    /** Reports the results with arrays, event and exceptions. */
    protected void tell(Message message, Address[] addresses, Map<String, ReferenceOutcome> outcomes)
            throws SendFailedException {
        Address[] sent = those(addresses, outcomes, outcome -> outcome.kind() == ReferenceOutcome.Kind.ACCEPTED);
        Address[] unsent = those(addresses, outcomes, this::isUnsent);
        Address[] invalid = those(addresses, outcomes, this::isInvalid);
        boolean all = sent.length == addresses.length;
        int type = all
                ? TransportEvent.MESSAGE_DELIVERED
                : sent.length == 0 ? TransportEvent.MESSAGE_NOT_DELIVERED : TransportEvent.MESSAGE_PARTIALLY_DELIVERED;
        notifyTransportListeners(type, sent, unsent, invalid, message);
        if (!all) {
            throw failure(addresses, outcomes, new SendFailedException("Not for all", null, sent, unsent, invalid));
        }
    }

    /** Returns whether the address is at fault. */
    protected boolean isInvalid(ReferenceOutcome outcome) {
        return outcome.kind() == ReferenceOutcome.Kind.REJECTED && outcome.addressAtFault();
    }

    /** Returns whether the mail failed for any other reason. */
    protected boolean isUnsent(ReferenceOutcome outcome) {
        return outcome.kind() != ReferenceOutcome.Kind.ACCEPTED && !isInvalid(outcome);
    }

    /** Chains one more exception for each address that failed. */
    protected SendFailedException failure(
            Address[] addresses, Map<String, ReferenceOutcome> outcomes, SendFailedException failure) {
        for (Address address : addresses) {
            ReferenceOutcome outcome = fateOf(address, outcomes);
            if (outcome.kind() != ReferenceOutcome.Kind.ACCEPTED) {
                Address[] one = {address};
                Address[] none = {};
                failure.setNextException(new SendFailedException(
                        outcome.toString(),
                        null,
                        none,
                        isInvalid(outcome) ? none : one,
                        isInvalid(outcome) ? one : none));
            }
        }
        return failure;
    }

    private Address[] those(
            Address[] addresses, Map<String, ReferenceOutcome> outcomes, Predicate<ReferenceOutcome> wanted) {
        List<Address> those = new ArrayList<>();
        for (Address address : addresses) {
            if (wanted.test(fateOf(address, outcomes))) {
                those.add(address);
            }
        }
        return those.toArray(Address[]::new);
    }

    private ReferenceOutcome fateOf(Address address, Map<String, ReferenceOutcome> outcomes) {
        ReferenceOutcome malformed = outcomes.get(text(address));
        return malformed != null
                ? malformed
                : outcomes.getOrDefault(onTheWire(text(address)), ReferenceOutcome.concluded("4.3.0", "forgotten"));
    }
}
