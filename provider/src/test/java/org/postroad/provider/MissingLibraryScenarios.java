// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.postroad.api.Deadline;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail;
import org.postroad.api.RecordType;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.LoopbackConnector;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.internal.cdi.MailBeans;
import org.postroad.spi.DeliveryListener;
import org.postroad.spi.MailDns;

/** Scenarios in a class loader without a library; loaded there by name. */
public final class MissingLibraryScenarios implements Function<Map<String, String>, String> {

    private final Properties properties = new Properties();

    /** Constructor for {@link MissingLibraryTest}. */
    public MissingLibraryScenarios() {}

    @Override
    public String apply(Map<String, String> asked) {
        properties.setProperty("mail.mx.localhost", "client.test");
        properties.setProperty("mail.mx.dns.servers", "127.0.0.1:9");
        properties.setProperty("mail.mx.dns.timeout", "1s");
        properties.setProperty("mail.mx.routes", "*=[192.0.2.4]");
        properties.setProperty("mail.mx.queue.schedule", "1s");
        properties.setProperty("mail.mx.queue.poll", "50ms");
        properties.setProperty(
                "mail.mx.queue.url",
                "jdbc:sqlite:" + Path.of(String.valueOf(asked.get("directory"))).resolve("queue.db"));
        try {
            return run(String.valueOf(asked.get("scenario")));
        } catch (MessagingException e) {
            return "MessagingException: " + e.getMessage();
        } catch (Throwable e) { // the test checks this text
            return "not caught: " + e;
        } finally {
            Postroad.close();
        }
    }

    private String run(String scenario) throws Exception {
        switch (scenario) {
            case "connect mx" -> transport("mx").connect();
            case "connect mxqueue" -> transport("mxqueue").connect();
            case "open" -> MailQueue.open(Session.getInstance(properties)).close();
            case "send mx" -> send("mx", "a@v4.test");
            case "send to two" -> send("mx", "a@v4.test", "b@other.test");
            case "send mxqueue" -> send("mxqueue", "a@v4.test");
            case "send with a resolver" -> sendWithAResolver();
            case "queue" -> {
                return queue();
            }
            case "built-in implementations" -> {
                return builtIn();
            }
            case "container" -> {
                return Container.run();
            }
            default -> throw new IllegalArgumentException(scenario);
        }
        return scenario.startsWith("send") ? "sent" : "connected";
    }

    private Transport transport(String protocol) throws MessagingException {
        Session session = Session.getInstance(properties);
        return session.getTransport(protocol.equals("mx") ? new MxProvider() : new MxQueueProvider());
    }

    private void send(String protocol, String... recipients) throws MessagingException {
        MimeMessage message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress("me@client.test"));
        for (String recipient : recipients) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        }
        message.setText("x\n");
        message.saveChanges();
        try (Transport transport = transport(protocol)) {
            transport.connect();
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    private void sendWithAResolver() throws Exception {
        Transcript transcript = new Transcript();
        try (FakeSmtpServer server = FakeSmtpServer.start("mx4", Family.IPV4, transcript)) {
            properties.put(
                    "mail.mx.connector",
                    new LoopbackConnector(transcript).map("192.0.2.4", 25, TransportTesting.socket(server)));
            properties.setProperty("mail.mx.addresses.allow", "192.0.2.0/24");
            properties.put("mail.mx.dns.resolver", new Nothing());
            send("mx", "a@v4.test");
        }
    }

    private String queue() throws Exception {
        CountDownLatch tried = new CountDownLatch(3);
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Concluded) {
                tried.countDown();
            }
        });
        Session session = Session.getInstance(properties);
        try (MailQueue queue = MailQueue.open(session)) {
            send("mxqueue", "a@v4.test");
            if (!tried.await(100, TimeUnit.SECONDS)) {
                return "never tried";
            }
            List<QueuedMail> mail = queue.list(QueueFilter.ALL, "", 10);
            return "waiting " + mail.size() + " failed " + queue.statistics().failed() + "\n"
                    + queue.show(mail.get(0).id()).orElseThrow();
        }
    }

    /** Returns the annotations that are left of the built-in implementations. */
    private String builtIn() throws Exception {
        List<Object> made = List.of(
                new BuiltInMailDns(properties),
                new BuiltInConnector(properties),
                new BuiltInRelaySelector(properties),
                new BuiltInAddressOrder(properties));
        return made.stream()
                .map(object -> object.getClass().getSimpleName()
                        + List.of(object.getClass().getAnnotations()))
                .collect(Collectors.joining(" "));
    }

    /** Uses CDI types. */
    private static final class Container {

        /** Starts an application without settings of its own; returns a setting and the transports of its Session, if one can be made. */
        static String run() throws MessagingException {
            try (SeContainer container = SeContainerInitializer.newInstance()
                    .disableDiscovery()
                    .addBeanClasses(MailBeans.class)
                    .initialize()) {
                Annotation mx = new CdiApplicationTest.MxLiteral();
                try {
                    Session session = container.select(Session.class, mx).get();
                    return "localhost " + session.getProperty("mail.mx.localhost") + ", "
                            + session.getTransport("mx").getClass().getSimpleName() + ", "
                            + session.getTransport("mxqueue").getClass().getSimpleName();
                } catch (IllegalStateException e) {
                    return "started: " + e.getMessage();
                }
            }
        }
    }

    /** Resolver that finds no names. */
    private static final class Nothing implements MailDns {
        @Override
        public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline) {
            return new DnsAnswer.Failed<>(DnsAnswer.Cause.TIMEOUT, "nobody is asked");
        }
    }
}
