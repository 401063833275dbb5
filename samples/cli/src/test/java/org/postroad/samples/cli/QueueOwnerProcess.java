// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.postroad.api.Domain;
import org.postroad.api.QueueOptions;
import org.postroad.provider.MailQueue;

/** Another process, which has a queue open with one message to {@code a@paused.test}, until its standard input ends. */
final class QueueOwnerProcess implements AutoCloseable {

    private final Process process;
    private final String id;

    private QueueOwnerProcess(Process process, String id) {
        this.process = process;
        this.id = id;
    }

    /** @param args the file of the queue, and the port of the server that gets its mail */
    public static void main(String... args) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + args[0]);
        properties.setProperty("mail.mx.localhost", "client.test");
        properties.setProperty("mail.mx.routes", "*=[127.0.0.1]:" + args[1]);
        properties.setProperty("mail.mx.queue.poll", "100ms");
        Session session = Session.getInstance(properties);
        try (MailQueue queue = MailQueue.open(session)) {
            queue.pause(Domain.parse("paused.test"));
            MimeMessage message = new MimeMessage(session);
            message.setFrom(new InternetAddress("me@client.test"));
            message.setRecipients(Message.RecipientType.TO, "a@paused.test");
            message.setText("Hello");
            System.out.println(queue.send(message, message.getAllRecipients(), QueueOptions.NONE)
                    .queueId()
                    .orElseThrow());
            while (System.in.read() >= 0) {
                // the test is not over
            }
        }
    }

    static QueueOwnerProcess start(Path file, int port) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        QueueOwnerProcess.class.getName(),
                        file.toString(),
                        String.valueOf(port)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String id =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        return new QueueOwnerProcess(process, String.valueOf(id));
    }

    /** Returns the id of its message. */
    String id() {
        return id;
    }

    @Override
    public void close() throws Exception {
        process.getOutputStream().close();
        process.waitFor();
    }
}
