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
import org.postroad.api.DeliveryReport;
import org.postroad.provider.internal.deliver.MessageForms;
import org.postroad.provider.internal.engine.Discovery;
import org.postroad.provider.internal.engine.Manner;
import org.postroad.provider.internal.message.SpoolSettings;

/**
 * Sends straight to the recipients' mail exchangers. There is nothing to connect to: {@code connect} checks the settings, without
 * network IO, and does not use host, port, user and password, which frameworks make up; where they name a server, a warning in the log
 * says what they mean here. What is not accepted shows in {@code sendMessage}.
 *
 * <p>As with every {@link Transport}, one instance serves one thread at a time. What is worth keeping between sends is kept for all
 * Sessions with equal {@code mail.mx.*} settings; see {@link Postroad#close()}.
 */
public class MxTransport extends PostroadTransport {

    /** As Jakarta Mail makes it. No IO, throws nothing. */
    public MxTransport(Session session, URLName url) {
        super(session, url);
    }

    /**
     * Sends, and returns when it is decided what became of each recipient. An interrupt ends the send; who has not got the message by
     * then is deferred, or in doubt where it may have arrived, and the thread stays interrupted.
     *
     * @throws MxSendFailedException if not every recipient's mail was accepted; none is where there is no usable sender
     * @throws jakarta.mail.SendFailedException if there are no recipients
     * @throws MessagingException if the message cannot be written or a property not be read; nothing was sent to anybody
     */
    @Override
    public void sendMessage(Message message, Address @Nullable [] addresses) throws MessagingException {
        super.sendMessage(message, addresses);
    }

    @Override
    String deferred() {
        return "DEFERRED: nobody tries again. Send it again later, or use the protocol mxqueue, which does so by itself.";
    }

    @Override
    DeliveryReport carry(Outgoing mail) throws MessagingException {
        try (Discovery implementations = read(() -> new Discovery(session.getProperties()))) {
            Manner manner = manner(mail, implementations.plugins());
            try (MessageForms forms = new MessageForms(spool(mail, SpoolSettings.DEFAULTS), SpoolSettings.DEFAULTS)) {
                return send(mail, forms, manner);
            } catch (IOException e) {
                throw new MessagingException("The message cannot be written: " + e.getMessage(), e);
            }
        }
    }
}
