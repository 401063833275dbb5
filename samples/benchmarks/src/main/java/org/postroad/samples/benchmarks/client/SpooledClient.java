// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.Properties;
import org.postroad.api.DeliveryReport;
import org.postroad.api.HostName;
import org.postroad.api.MailContext;
import org.postroad.api.Mailbox;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.deliver.MailObject;
import org.postroad.provider.internal.deliver.MessageForms;
import org.postroad.provider.internal.engine.Engine;
import org.postroad.provider.internal.engine.SendOptions;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.HeaderDefaults;
import org.postroad.provider.internal.message.MessageSpool;
import org.postroad.provider.internal.message.SpoolSettings;
import org.postroad.provider.internal.smtp.DialogueLog;

/**
 * The engine behind the transport, with a message that is already written, as the queue uses it. The engine is not part of the
 * API; it is accessible because the benchmarks run on the class path.
 */
final class SpooledClient implements Client {

    private final Engine engine;
    private final MessageForms forms;
    private final MailObject mail;
    private final SendOptions manner;

    SpooledClient(ClientTask task) throws MessagingException, IOException {
        Properties properties = MxClient.properties(task);
        engine = new Engine(Settings.read(properties));
        MimeMessage message = task.sample().compose(Session.getInstance(properties));
        Mailbox sender = Mailbox.parse(ClientTask.SENDER);
        byte[] octets = SampleMessage.octets(message);
        forms = new MessageForms(
                MessageSpool.write(
                        out -> out.write(octets),
                        new HeaderDefaults(sender.domain(), Clock.systemUTC(), new SecureRandom()),
                        SpoolSettings.DEFAULTS),
                SpoolSettings.DEFAULTS);
        mail = new MailObject(
                Envelope.of(
                        Optional.of(sender),
                        task.recipientNames().stream().map(Mailbox::parse).toList()),
                forms,
                MailContext.direct(Optional.of(sender), Optional.empty(), Optional.empty()));
        // A queue worker delivers on its own thread.
        manner = new SendOptions(
                HostName.parse("client.test"),
                true,
                DialogueLog.NONE,
                Settings.plugins(properties),
                Optional.of(Runnable::run),
                SendOptions.Retry.NONE);
    }

    @Override
    public void send() throws IOException, InterruptedException {
        DeliveryReport report = engine.send(mail, manner);
        if (!report.isComplete()) {
            throw new IOException("Not delivered: " + report);
        }
    }

    @Override
    public void close() throws IOException {
        engine.close();
        forms.close();
    }
}
