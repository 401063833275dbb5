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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A transport that keeps its contract, one thing after the other: this class is Jakarta Mail's side. The rooms below it, from the last
 * to the first: {@link ReferenceRouting}, {@link ReferenceRelays}, {@link ReferenceAddresses}, {@link ReferenceConversation}. Each
 * protected method decides one thing, so that a broken transport overrides one.
 */
class ReferenceMxTransport extends ReferenceRouting {

    ReferenceMxTransport(Session session) {
        super(session);
    }

    @Override
    protected boolean protocolConnect(String host, int port, String user, String password) {
        return true;
    }

    @Override
    public void sendMessage(Message message, Address[] addresses) throws MessagingException {
        Mail mail = new Mail(sender(message), content(message));
        Map<String, List<String>> byDomain = new LinkedHashMap<>();
        for (Address address : addresses) {
            String recipient = onTheWire((InternetAddress) address);
            byDomain.computeIfAbsent(domain(recipient), first -> new ArrayList<>())
                    .add(recipient);
        }
        Map<String, ReferenceFate> fates = new HashMap<>();
        byDomain.forEach((domain, recipients) -> fates.putAll(
                deliver(domain, mail, recipients.stream().distinct().toList())));
        tell(message, addresses, fates);
    }

    private static String domain(String recipient) {
        return recipient.substring(recipient.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    }

    /** LOOKUP-01: A-labels. */
    protected String onTheWire(InternetAddress address) {
        String text = address.getAddress();
        int at = text.lastIndexOf('@');
        return text.substring(at).startsWith("@[")
                ? text
                : text.substring(0, at + 1) + IDN.toASCII(text.substring(at + 1));
    }

    /** The reverse-path. */
    protected String sender(Message message) throws MessagingException {
        String configured = setting("from", "");
        if (!configured.isEmpty()) {
            return configured.equals("<>") ? "" : configured;
        }
        return ((InternetAddress) message.getFrom()[0]).getAddress();
    }

    /** The message with the line ends of the wire, without what is not for the recipients. */
    protected byte[] content(Message message) throws MessagingException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try {
            ((MimeMessage) message).writeTo(octets, new String[] {"Bcc", "Content-Length"});
        } catch (IOException e) {
            throw new MessagingException("The message cannot be written", e);
        }
        String text = octets.toString(StandardCharsets.ISO_8859_1).replaceAll("\r\n|\r|\n", "\r\n");
        return (text.endsWith("\r\n") ? text : text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Arrays, event, exceptions. */
    protected void tell(Message message, Address[] addresses, Map<String, ReferenceFate> fates)
            throws SendFailedException {
        Address[] sent = those(addresses, fates, fate -> fate.kind() == ReferenceFate.Kind.ACCEPTED);
        Address[] unsent = those(addresses, fates, this::isUnsent);
        Address[] invalid = those(addresses, fates, this::isInvalid);
        boolean all = sent.length == addresses.length;
        int type = all
                ? TransportEvent.MESSAGE_DELIVERED
                : sent.length == 0 ? TransportEvent.MESSAGE_NOT_DELIVERED : TransportEvent.MESSAGE_PARTIALLY_DELIVERED;
        notifyTransportListeners(type, sent, unsent, invalid, message);
        if (!all) {
            throw failure(addresses, fates, new SendFailedException("Not for all", null, sent, unsent, invalid));
        }
    }

    /** The address is at fault. */
    protected boolean isInvalid(ReferenceFate fate) {
        return fate.kind() == ReferenceFate.Kind.REJECTED && fate.addressAtFault();
    }

    /** Anything else that is no success. */
    protected boolean isUnsent(ReferenceFate fate) {
        return fate.kind() != ReferenceFate.Kind.ACCEPTED && !isInvalid(fate);
    }

    /** One exception more for each address that failed. */
    protected SendFailedException failure(
            Address[] addresses, Map<String, ReferenceFate> fates, SendFailedException failure) {
        for (Address address : addresses) {
            ReferenceFate fate = fateOf(address, fates);
            if (fate.kind() != ReferenceFate.Kind.ACCEPTED) {
                Address[] one = {address};
                Address[] none = {};
                failure.setNextException(new SendFailedException(
                        fate.toString(), null, none, isInvalid(fate) ? none : one, isInvalid(fate) ? one : none));
            }
        }
        return failure;
    }

    private Address[] those(Address[] addresses, Map<String, ReferenceFate> fates, Predicate<ReferenceFate> wanted) {
        List<Address> those = new ArrayList<>();
        for (Address address : addresses) {
            if (wanted.test(fateOf(address, fates))) {
                those.add(address);
            }
        }
        return those.toArray(Address[]::new);
    }

    private ReferenceFate fateOf(Address address, Map<String, ReferenceFate> fates) {
        return fates.getOrDefault(onTheWire((InternetAddress) address), ReferenceFate.concluded("4.3.0", "forgotten"));
    }
}
