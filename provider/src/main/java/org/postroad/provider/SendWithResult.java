// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.NoSuchProviderException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Printable;

/** The steps of {@code Transport.send}, with a result. */
final class SendWithResult {

    /** Type of {@code InternetAddress}. */
    static final String INTERNET = "rfc822";

    /** Names the transport of {@code Transport.send}. */
    static final String PROTOCOL_PROPERTY = "mail.transport.protocol." + INTERNET;

    private SendWithResult() {}

    static SendResult send(Message message) throws MessagingException {
        message.saveChanges();
        return sendSaved(message, message.getAllRecipients());
    }

    static SendResult send(Message message, Address[] recipients) throws MessagingException {
        message.saveChanges();
        return sendSaved(message, recipients);
    }

    private static SendResult sendSaved(Message message, Address @Nullable [] recipients) throws MessagingException {
        if (recipients == null || recipients.length == 0) {
            throw new SendFailedException("There are no recipients");
        }
        for (Address recipient : recipients) {
            if (!INTERNET.equals(recipient.getType())) {
                throw new SendFailedException("The recipient " + Printable.quote(recipient.toString())
                        + " has the address type " + Printable.quote(String.valueOf(recipient.getType()))
                        + "; Postroad.send allows " + INTERNET
                        + " (InternetAddress) only. Nothing was sent. Transport.send"
                        + " sends to several types");
            }
        }
        try (PostroadTransport transport = transport(session(message), recipients[0])) {
            transport.connect();
            transport.sendMessage(message, recipients);
            return transport.result();
        }
    }

    private static Session session(Message message) {
        Session own = message.getSession();
        return own == null ? Session.getDefaultInstance(System.getProperties(), null) : own;
    }

    private static PostroadTransport transport(Session session, Address recipient) throws NoSuchProviderException {
        Transport transport;
        try {
            String protocol = session.getProperty(PROTOCOL_PROPERTY);
            // getTransport(Address) reads the property as well, except for that of Geronimo Mail.
            transport = protocol == null ? session.getTransport(recipient) : session.getTransport(protocol);
        } catch (NoSuchProviderException e) {
            NoSuchProviderException named = notOurs("there is no such transport: " + e.getMessage());
            named.setNextException(e);
            throw named;
        }
        if (transport instanceof PostroadTransport ours) {
            return ours;
        }
        throw notOurs("it is " + transport.getClass().getName());
    }

    private static NoSuchProviderException notOurs(String found) {
        return new NoSuchProviderException("Postroad.send needs the transport " + MxTransport.PROTOCOL + " or "
                + MxQueueTransport.PROTOCOL + " for internet mail, and in this Session " + Printable.clean(found)
                + ". Set "
                + PROTOCOL_PROPERTY + " (mail.transport.protocol alone has no effect on it) to " + MxTransport.PROTOCOL
                + " or " + MxQueueTransport.PROTOCOL + ", or call Postroad.install(session). Nothing was sent");
    }
}
