// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.event.TransportAdapter;
import jakarta.mail.event.TransportEvent;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Family;
import org.postroad.api.RecordType;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.tck.SendResult.Place;
import org.postroad.tck.catalogue.Feature;

/**
 * Common base of the tests of a whole transport: a small internet, a Session configured for it, and the result of a message.
 * The transport is a black box: its input is DNS servers, a connector and properties; its output is the arrays of a
 * {@link SendFailedException}.
 */
abstract class TransportTck extends Tck {

    /** The name in EHLO, and the sender's domain. */
    static final String CLIENT = "client.test";

    private static final Expect DIALS = Expect.lookAt("which addresses are dialled, and in which order");
    private static final Pattern DIAL = Pattern.compile("connect: .*\\[([^]]+)]:(\\d+) -> .*");
    private static final Pattern STATUS = Pattern.compile("(?<![\\d.])[245]\\.\\d{1,3}\\.\\d{1,3}(?!\\.?\\d)");

    private final Properties settings = new Properties();
    private @Nullable FakeDnsServer dns;

    /** Only for the suite of this package. */
    TransportTck() {
        set("mail.transport.protocol", "mx");
        set("mail.transport.protocol.rfc822", "mx");
        set("mail.mx.localhost", CLIENT);
        set("mail.mx.families", "both");
        set("mail.mx.addresses.allow", "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32");
        set("mail.mx.ownaddresses", "none"); // the machine may have one of the test addresses
        settings.put("mail.mx.connector", bench().network());
    }

    /**
     * Creates the implementation, ready for {@code connect()}.
     *
     * <p>It takes its configuration from the properties of the Session: the DNS servers ({@code mail.mx.dns.servers}), the
     * addresses of those servers whose AD bit is trusted ({@code mail.mx.dns.trustad}: they validate, and the path to them is
     * safe), the connector ({@code mail.mx.connector}, an {@code org.postroad.spi.Connector} object), our families
     * ({@code mail.mx.families}), the addresses by which it recognizes itself ({@code mail.mx.ownaddresses}: {@code auto} for
     * the machine's, or {@code none}) and other properties that a test sets. An implementation with other property names
     * translates them here.
     *
     * <p>An implementation that always uses the machine's own addresses fails if the machine has one of the addresses in the
     * tests: documentation addresses (RFC 5737, RFC 3849) and private ones.
     *
     * @param session the properties
     * @return the implementation, not connected
     */
    protected abstract Transport create(Session session) throws Exception;

    /**
     * Returns the enhanced status code (RFC 3463) that the implementation reports for a recipient.
     *
     * <p>By default this is the first one in the message of a chained exception about the address: a
     * {@link SendFailedException} with the address in one of its arrays, or an exception whose {@code getAddress()} returns it.
     * Without such an exception, it is the first one in the whole exception.
     *
     * @param failure the exception thrown by {@code sendMessage}
     * @param recipient the recipient
     * @return the status; empty if the implementation reports none
     */
    protected Optional<String> statusOf(SendFailedException failure, InternetAddress recipient) {
        return Stream.iterate((Exception) failure, next -> next != null, TransportTck::next)
                .skip(1)
                .filter(next -> isAbout(next, recipient))
                .flatMap(next -> firstStatus(next.getMessage()).stream())
                .findFirst()
                .or(() -> firstStatus(failure.toString()));
    }

    /** Sets a property of the Session. */
    final void set(String name, Object value) {
        settings.put(name, value);
    }

    /** Starts a DNS server with this zone, whose AD bit is trusted. No zone is signed unless the test marks it as signed. */
    final FakeDnsServer dns(String zone) {
        FakeDnsServer server = bench().dns(zone);
        set(
                "mail.mx.dns.servers",
                "127.0.0.1:" + bench().addressOf(server, Family.IPV4).getPort());
        set("mail.mx.dns.trustad", "127.0.0.1");
        dns = server;
        return server;
    }

    /** Starts a mail exchanger that is reachable at the address, port 25. */
    final FakeSmtpServer mx(String name, String address) throws Exception {
        return bench().smtp(name, address);
    }

    /**
     * Skips the rest of the test if the implementation lacks the feature. For requirements of which only a part depends on a
     * feature.
     */
    final void needs(Feature feature) {
        if (!features().contains(feature)) {
            throw new Skip(Skip.Kind.NOT_DECLARED, "The implementation does not declare " + feature);
        }
    }

    /** Returns a Session with the current properties. */
    final Session session() {
        return Session.getInstance(settings);
    }

    /** Returns a small message to these recipients. */
    final MimeMessage message(Session session, String... recipients) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress("sender@" + CLIENT));
        for (String recipient : recipients) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient, false));
        }
        message.setSubject("Hello");
        message.setText("One line\r\n");
        message.saveChanges();
        return message;
    }

    /** Sends a small message through a transport object, as an application does. */
    final SendResult send(String... recipients) throws Exception {
        Session session = session();
        return send(session, message(session, recipients));
    }

    /** Sends this message to all its recipients. */
    final SendResult send(Session session, Message message) throws Exception {
        Address[] recipients = message.getAllRecipients();
        BlockingQueue<TransportEvent> events = new LinkedBlockingQueue<>();
        Transport created = Expect.lookAt("the factory method create()").notNull("a Transport", create(session));
        try (Transport transport = created) {
            transport.addTransportListener(new Collecting(events));
            transport.connect();
            transport.sendMessage(message, recipients);
            return new SendResult(Optional.empty(), Map.of(), events);
        } catch (SendFailedException e) {
            return new SendResult(Optional.of(e), statuses(e, recipients), events);
        }
    }

    private Map<String, String> statuses(SendFailedException failure, Address[] recipients) {
        Map<String, String> statuses = new HashMap<>();
        for (Address recipient : recipients) {
            InternetAddress address = (InternetAddress) recipient;
            statusOf(failure, address).ifPresent(status -> statuses.put(address.getAddress(), status));
        }
        return statuses;
    }

    /** Expects that this recipient's mail is accepted. */
    final void expectAccepted(SendResult result, String recipient) {
        Expect.lookAt("why the recipient's mail is not accepted")
                .isTrue(
                        recipient + " accepted",
                        result.placeOf(recipient) == Place.ACCEPTED,
                        result.placeOf(recipient) + ": " + result);
    }

    /** Expects that this recipient's mail is not accepted, with this status. */
    final void expectStatus(SendResult result, String recipient, String status) {
        Expect decision = Expect.lookAt("the basis of the decision for this recipient");
        decision.isTrue(
                recipient + " among the unsent or the invalid",
                result.placeOf(recipient) == Place.UNSENT || result.placeOf(recipient) == Place.INVALID,
                result.placeOf(recipient) + ": " + result);
        decision.isTrue(
                recipient + " with the status " + status,
                result.statusOf(recipient).equals(status),
                result.statusOf(recipient) + ": " + result);
    }

    /** Returns the recipients of the server's messages, in order and in angle brackets. */
    static List<String> recipientsAt(FakeSmtpServer server) {
        return server.received().stream()
                .flatMap(message -> message.recipients().stream())
                .map(recipient -> recipient.substring(0, recipient.indexOf('>') + 1))
                .toList();
    }

    /** An action that is expected to throw. */
    interface Throwing {
        void run() throws Exception;
    }

    static Exception thrownBy(Throwing action) {
        try {
            action.run();
        } catch (Exception thrown) {
            return thrown;
        }
        throw Expect.lookAt("what is thrown").mismatch("an exception", "none");
    }

    /** Returns the addresses dialled so far, in order. */
    final List<String> dials() {
        return bench().transcript().linesOf("connect:").stream()
                .map(DIAL::matcher)
                .filter(Matcher::matches)
                .map(dial -> dial.group(1))
                .toList();
    }

    /** Expects dials to exactly these addresses, in this order. */
    final void expectDials(String... addresses) {
        DIALS.equal("dialled addresses:", Arrays.asList(addresses), dials());
    }

    /**
     * Expects dials to this address only. Their number is not checked, because a transport may keep a connection for the next
     * message.
     */
    final void expectDialsOfNoneBut(String address) {
        DIALS.equal(
                "the only dialled address:",
                List.of(address),
                dials().stream().distinct().toList());
    }

    /** Expects the DNS query. */
    final void expectAsked(String name, RecordType<?> type) {
        Expect.lookAt("which DNS queries precede the result")
                .isTrue("DNS is asked for " + type + " of " + name, questions(name, type) > 0, "it is not");
    }

    /** Expects that the DNS query is not made. */
    final void expectNotAsked(String name, RecordType<?> type) {
        int questions = questions(name, type);
        Expect.lookAt("which DNS queries are sent, and why")
                .isTrue(
                        "DNS is not asked for " + type + " of " + name,
                        questions == 0,
                        "asked " + questions + " times");
    }

    private int questions(String name, RecordType<?> type) {
        if (dns == null) {
            throw new IllegalStateException("The test has no DNS");
        }
        return dns.questions(name, type);
    }

    private static @Nullable Exception next(Exception chained) {
        return chained instanceof MessagingException messaging ? messaging.getNextException() : null;
    }

    private static boolean isAbout(Exception chained, InternetAddress recipient) {
        if (chained instanceof SendFailedException failed
                && Stream.of(
                                failed.getInvalidAddresses(),
                                failed.getValidUnsentAddresses(),
                                failed.getValidSentAddresses())
                        .filter(addresses -> addresses != null)
                        .flatMap(Arrays::stream)
                        .anyMatch(recipient::equals)) {
            return true;
        }
        try {
            return recipient.equals(chained.getClass().getMethod("getAddress").invoke(chained));
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException ofAnotherKind) {
            return false;
        }
    }

    private static Optional<String> firstStatus(@Nullable String text) {
        return Optional.ofNullable(text)
                .map(STATUS::matcher)
                .filter(Matcher::find)
                .map(Matcher::group);
    }

    /** Collects all events of a transport. */
    static final class Collecting extends TransportAdapter {

        private final BlockingQueue<TransportEvent> events;

        Collecting(BlockingQueue<TransportEvent> events) {
            this.events = events;
        }

        @Override
        public void messageDelivered(TransportEvent event) {
            events.add(event);
        }

        @Override
        public void messageNotDelivered(TransportEvent event) {
            events.add(event);
        }

        @Override
        public void messagePartiallyDelivered(TransportEvent event) {
            events.add(event);
        }
    }
}
