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
 * What the tests of a whole transport have in common: a small internet, a Session that is told of it, and what became of a message. The
 * transport is a black box: DNS servers, a connector and properties go in, and the arrays of a {@link SendFailedException} come out.
 */
abstract class TransportTck extends Tck {

    /** The name in EHLO, and the sender's domain. */
    static final String CLIENT = "client.test";

    private static final Expect DIALS = Expect.lookAt("which addresses are dialled, and in which order");
    private static final Pattern DIAL = Pattern.compile("connect: .*\\[([^]]+)]:(\\d+) -> .*");
    private static final Pattern STATUS = Pattern.compile("(?<![\\d.])[245]\\.\\d{1,3}\\.\\d{1,3}(?!\\.?\\d)");

    private final Properties settings = new Properties();
    private @Nullable FakeDnsServer dns;

    /** For the suite of this package. */
    TransportTck() {
        set("mail.transport.protocol", "mx");
        set("mail.transport.protocol.rfc822", "mx");
        set("mail.mx.localhost", CLIENT);
        set("mail.mx.families", "both");
        set("mail.mx.addresses.allow", "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32");
        set("mail.mx.ownaddresses", "none"); // a machine may have one of these
        settings.put("mail.mx.connector", bench().network());
    }

    /**
     * The implementation, ready for {@code connect()}. It takes DNS servers ({@code mail.mx.dns.servers}), the addresses of those whose AD
     * bit counts ({@code mail.mx.dns.trustad}: they validate, and the path to them is safe), the way to addresses (an
     * {@code org.postroad.spi.Connector} object, {@code mail.mx.connector}), our families ({@code mail.mx.families}), the addresses by
     * which it knows itself ({@code mail.mx.ownaddresses}: {@code auto} for the machine's, or {@code none}) and what else a test sets from
     * the properties of the Session; an implementation with other names of its own translates them here. One that always takes the
     * machine's own addresses fails where the machine has one of those that the tests use, which are documentation addresses (RFC 5737,
     * RFC 3849) and private ones.
     */
    protected abstract Transport create(Session session) throws Exception;

    /**
     * The enhanced status code (RFC 3463) that the implementation reports for a recipient. Unless overridden: the first in the message of a
     * chained exception about the address, which is a {@link SendFailedException} with it in an array or an exception whose
     * {@code getAddress()} answers it; without one, the first in the whole exception.
     */
    protected Optional<String> statusOf(SendFailedException failure, InternetAddress recipient) {
        return Stream.iterate((Exception) failure, next -> next != null, TransportTck::next)
                .skip(1)
                .filter(next -> isAbout(next, recipient))
                .flatMap(next -> firstStatus(next.getMessage()).stream())
                .findFirst()
                .or(() -> firstStatus(failure.toString()));
    }

    /** A property of the Session. */
    final void set(String name, Object value) {
        settings.put(name, value);
    }

    /** The DNS, which knows this zone and is trusted to validate; nothing is signed until the test says so. */
    final FakeDnsServer dns(String zone) {
        FakeDnsServer server = bench().dns(zone);
        set(
                "mail.mx.dns.servers",
                "127.0.0.1:" + bench().addressOf(server, Family.IPV4).getPort());
        set("mail.mx.dns.trustad", "127.0.0.1");
        dns = server;
        return server;
    }

    /** A mail exchanger, reached at the address, port 25. */
    final FakeSmtpServer mx(String name, String address) throws Exception {
        return bench().smtp(name, address);
    }

    /** Leaves the test where the implementation lacks the feature: for a part of a requirement that is otherwise demanded of all. */
    final void needs(Feature feature) {
        if (!features().contains(feature)) {
            throw new Skip(Skip.Kind.NOT_DECLARED, "The implementation does not declare " + feature);
        }
    }

    /** A Session with the properties as they are now. */
    final Session session() {
        return Session.getInstance(settings);
    }

    /** A small message to these. */
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

    /** Sends a small message, as an application does that holds the transport itself. */
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

    /** This recipient's mail is accepted. */
    final void expectAccepted(SendResult result, String recipient) {
        Expect.lookAt("why the recipient's mail is not accepted")
                .isTrue(
                        recipient + " accepted",
                        result.placeOf(recipient) == Place.ACCEPTED,
                        result.placeOf(recipient) + ": " + result);
    }

    /** This recipient's mail is not accepted, and the status says why. */
    final void expectStatus(SendResult result, String recipient, String status) {
        Expect decision = Expect.lookAt("what the decision for this recipient rests on");
        decision.isTrue(
                recipient + " among the unsent or the invalid",
                result.placeOf(recipient) == Place.UNSENT || result.placeOf(recipient) == Place.INVALID,
                result.placeOf(recipient) + ": " + result);
        decision.isTrue(
                recipient + " with the status " + status,
                result.statusOf(recipient).equals(status),
                result.statusOf(recipient) + ": " + result);
    }

    /** For whom the server got messages, in order and in angle brackets. */
    static List<String> recipientsAt(FakeSmtpServer server) {
        return server.received().stream()
                .flatMap(message -> message.recipients().stream())
                .map(recipient -> recipient.substring(0, recipient.indexOf('>') + 1))
                .toList();
    }

    /** Something that is to throw. */
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

    /** The addresses dialled so far, in order. */
    final List<String> dials() {
        return bench().transcript().linesOf("connect:").stream()
                .map(DIAL::matcher)
                .filter(Matcher::matches)
                .map(dial -> dial.group(1))
                .toList();
    }

    /** Exactly these addresses are dialled, in this order. */
    final void expectDials(String... addresses) {
        DIALS.equal("dialled are", Arrays.asList(addresses), dials());
    }

    /** Nobody else is dialled; how often is the transport's own matter, which may keep a connection for the next message. */
    final void expectDialsOfNoneBut(String address) {
        DIALS.equal(
                "dialled is only", List.of(address), dials().stream().distinct().toList());
    }

    /** The question is asked. */
    final void expectAsked(String name, RecordType<?> type) {
        Expect.lookAt("what is asked before a conclusion is drawn")
                .isTrue("DNS is asked for " + type + " of " + name, questions(name, type) > 0, "it is not");
    }

    /** The question is not asked. */
    final void expectNotAsked(String name, RecordType<?> type) {
        int questions = questions(name, type);
        Expect.lookAt("what DNS is asked, and what for")
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

    /** Listens for whatever a transport tells. */
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
