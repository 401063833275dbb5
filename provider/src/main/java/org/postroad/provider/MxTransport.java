// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.URLName;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.postroad.provider.internal.deliver.MessageForms;
import org.postroad.provider.internal.engine.PluginDiscovery;
import org.postroad.provider.internal.engine.SendOptions;
import org.postroad.provider.internal.jakarta.ExplainedException;
import org.postroad.provider.internal.jakarta.QueueLabels;
import org.postroad.provider.internal.message.SpoolSettings;

/**
 * Transport for the protocol {@code mx}: sends straight to the recipients' mail exchangers. There is no server to connect to:
 * {@code connect} only checks the settings, without network IO. It ignores host, port, user and password, which frameworks make up; if
 * they name a server, a warning says so. Failures appear in {@code sendMessage}.
 *
 * <p>As with every {@link Transport}, an instance must not be used by two threads at a time. DNS answers and connections are kept between
 * sends, for all Sessions with equal {@code mail.mx.*} settings; see {@link Postroad#close()}.
 */
public class MxTransport extends PostroadTransport {

    static final String PROTOCOL = "mx";

    /**
     * Constructor that Jakarta Mail calls. Does no IO and throws nothing.
     *
     * @param session has the settings
     * @param url has no effect; if it names a server, {@code connect} logs a warning
     */
    public MxTransport(Session session, URLName url) {
        super(session, url);
    }

    /**
     * Sends the message and returns when every recipient has a result, within {@code mail.mx.deadline}. An interrupt stops the send:
     * recipients that have not got the message by then are deferred, or in doubt if it may have arrived, and the thread stays interrupted.
     *
     * @param message a {@code MimeMessage}, written once on the calling thread
     * @param addresses the envelope recipients, {@code InternetAddress} objects; the header fields of the message are not used
     * @throws MxSendFailedException if a recipient was not accepted; without a usable sender, none is. With
     *     {@code mail.mx.reportsuccess}, also if all were accepted
     * @throws jakarta.mail.SendFailedException if there are no recipients, or one is not an {@code InternetAddress}
     * @throws MessagingException if the message cannot be written, a property cannot be read, or the thread was interrupted before the
     *     first contact; nothing was sent
     * @throws IllegalStateException if this transport is not connected
     */
    @Override
    public void sendMessage(Message message, Address @Nullable [] addresses) throws MessagingException {
        super.sendMessage(message, addresses);
    }

    @Override
    String deferralHint() {
        return "DEFERRED: delivery is not retried. Send again later, or use the protocol mxqueue, which retries.";
    }

    @Override
    SendResult dispatch(OutgoingMail mail) throws MessagingException {
        try (PluginDiscovery implementations = Engines.read(() -> new PluginDiscovery(mail.properties()))) {
            SendOptions options = sendOptions(mail, implementations.plugins(), SendOptions.Retry.NONE);
            try (MessageForms forms = new MessageForms(spool(mail, SpoolSettings.DEFAULTS), SpoolSettings.DEFAULTS)) {
                return new SendResult(send(mail, forms, QueueLabels.messageId(forms.original()), options));
            } catch (IOException e) {
                throw new ExplainedException("The message cannot be written: " + e.getMessage(), e);
            }
        }
    }
}
