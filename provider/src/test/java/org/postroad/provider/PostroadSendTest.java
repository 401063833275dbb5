// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.NoSuchProviderException;
import jakarta.mail.Provider;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.event.TransportEvent;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.NewsAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.RecipientReport;
import org.postroad.api.Verdict;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.ReceivedMessage;

/** {@link Postroad#send} and {@link Postroad#sendAsync}: as {@code Transport.send}, with a result. */
@Timeout(300)
class PostroadSendTest extends TransportTesting {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final BlockingQueue<TransportEvent> EVENTS = new LinkedBlockingQueue<>();

    @TempDir
    Path directory;

    @BeforeEach
    void forget() {
        EVENTS.clear();
    }

    /** The two forms of the send. */
    enum Form {
        SYNC {
            @Override
            SendResult send(Message message) throws MessagingException {
                return Postroad.send(message);
            }

            @Override
            SendResult send(Message message, Address... recipients) throws MessagingException {
                return Postroad.send(message, recipients);
            }
        },
        ASYNC {
            @Override
            SendResult send(Message message) throws MessagingException {
                return result(Postroad.sendAsync(message));
            }

            @Override
            SendResult send(Message message, Address... recipients) throws MessagingException {
                return result(Postroad.sendAsync(message, recipients));
            }
        };

        abstract SendResult send(Message message) throws MessagingException;

        abstract SendResult send(Message message, Address... recipients) throws MessagingException;
    }

    private static SendResult result(CompletionStage<SendResult> stage) throws MessagingException {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(MessagingException.class);
            throw (MessagingException) e.getCause();
        }
    }

    /**
     * Records what listeners are notified of. Jakarta Mail notifies them on another thread, which loses the event if the transport is
     * closed before that thread begins, as after {@code Transport.send}.
     */
    public static class ObservedTransport extends MxTransport {

        /** Called by Jakarta Mail. */
        public ObservedTransport(Session session, URLName url) {
            super(session, url);
        }

        @Override
        protected void notifyTransportListeners(
                int type, Address[] sent, Address[] unsent, Address[] invalid, Message message) {
            EVENTS.add(new TransportEvent(this, type, sent, unsent, invalid, message));
            super.notifyTransportListeners(type, sent, unsent, invalid, message);
        }
    }

    /** Sends nothing. */
    public static class SilentTransport extends MxTransport {

        /** Called by Jakarta Mail. */
        public SilentTransport(Session session, URLName url) {
            super(session, url);
        }

        @Override
        public void sendMessage(Message message, Address @Nullable [] addresses) {
            // of another transport's making
        }
    }

    private static MimeMessage through(Class<?> transport, MimeMessage message) throws MessagingException {
        message.getSession().setProvider(new Provider(Provider.Type.TRANSPORT, "mx", transport.getName(), "test", "1"));
        return message;
    }

    private static TransportEvent event() throws InterruptedException {
        TransportEvent event = EVENTS.poll(60, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        return event;
    }

    @ParameterizedTest
    @EnumSource
    void send_returnsTheReportOfBothFamilies(Form form) throws Exception {
        SendResult result = form.send(message("a@v4.test", "b@v6.test"));
        assertThat(result.report().isComplete()).isTrue();
        assertThat(result.report().recipients())
                .extracting(report -> report.recipient().toString())
                .containsExactly("a@v4.test", "b@v6.test");
        assertThat(result.report().domains())
                .allSatisfy(domain -> assertThat(domain.attempts())
                        .singleElement()
                        .satisfies(attempt -> assertThat(attempt.toString()).contains(":25")));
        assertThat(result.queueId()).isEmpty();
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx6.received()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void send_givenRecipientsReplaceThoseOfTheHeader(Form form) throws Exception {
        SendResult result = form.send(message("a@v4.test"), new InternetAddress("b@v6.test"));
        assertThat(result.report().recipients())
                .singleElement()
                .satisfies(report -> assertThat(report.recipient()).hasToString("b@v6.test"));
        assertThat(mx4.received()).isEmpty();
        assertThat(mx6.received()).hasSize(1);
    }

    /** An array that happens to be empty must not send to everybody in the header. */
    @ParameterizedTest
    @EnumSource
    void send_withoutRecipientsIsAnError(Form form) throws Exception {
        MimeMessage message = message("a@v4.test");
        assertThatThrownBy(() -> form.send(message, new Address[0])).isExactlyInstanceOf(SendFailedException.class);
        MimeMessage toNobody = message();
        assertThatThrownBy(() -> form.send(toNobody)).isExactlyInstanceOf(SendFailedException.class);
        assertThat(transcript.lines()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void send_looksTheSameOnTheWireAsTransportSend(Form form) throws Exception {
        properties.setProperty("mail.mx.idletimeout", "0");
        send(message("a@v4.test", "b@v6.test"));
        awaitConnectionsClosed(1);
        List<String> first = withoutSizes(transcript.lines());
        Postroad.close(); // forgets the DNS answers
        form.send(message("a@v4.test", "b@v6.test"));
        awaitConnectionsClosed(2);
        List<String> both = withoutSizes(transcript.lines());
        List<String> second = both.subList(first.size(), both.size());
        assertThat(second).containsExactlyInAnyOrderElementsOf(first); // the order between servers is not determined
        for (String server : List.of("mx4", "mx6")) {
            assertThat(linesOf(server, second)).isEqualTo(linesOf(server, first));
        }
        for (FakeSmtpServer server : List.of(mx4, mx6)) {
            List<ReceivedMessage> received = server.received();
            assertThat(received).hasSize(2);
            assertThat(withoutTime(received.get(1).text()))
                    .isEqualTo(withoutTime(received.get(0).text()));
        }
    }

    private void awaitConnectionsClosed(int each) throws InterruptedException {
        for (String closed : List.of("mx4: closed", "mx6: closed")) {
            transcript.await(line -> transcript.linesOf(closed).size() == each, PATIENCE);
        }
    }

    private static List<String> linesOf(String server, List<String> lines) {
        return lines.stream().filter(line -> line.startsWith(server)).toList();
    }

    /** The length of a Message-ID varies. */
    private static List<String> withoutSizes(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll("[0-9]+ octets", "octets"))
                .toList();
    }

    private static String withoutTime(String text) {
        return text.replaceAll("(?m)^(Message-ID|Date): .*$", "$1");
    }

    @ParameterizedTest
    @EnumSource
    void send_savesTheMessageOnce(Form form) throws Exception {
        AtomicInteger saves = new AtomicInteger();
        MimeMessage message = new MimeMessage(message("a@v4.test")) {
            @Override
            public void saveChanges() throws MessagingException {
                saves.incrementAndGet();
                super.saveChanges();
            }
        };
        message.saveChanges();
        String before = message.getMessageID();
        message.setText("Another text");
        form.send(message);
        assertThat(saves).hasValue(2);
        assertThat(message.getMessageID()).isNotEqualTo(before);
        assertThat(mx4.received())
                .singleElement()
                .satisfies(received -> assertThat(received.text())
                        .contains(message.getMessageID())
                        .endsWith("Another text\r\n"));
    }

    @ParameterizedTest
    @EnumSource
    void send_listenersAreNotifiedOnce(Form form) throws Exception {
        SendResult result = form.send(through(ObservedTransport.class, message("a@v4.test", "b@v6.test")));
        assertThat(result.report().isComplete()).isTrue();
        TransportEvent event = event();
        assertThat(event.getType()).isEqualTo(TransportEvent.MESSAGE_DELIVERED);
        assertThat(event.getValidSentAddresses())
                .containsExactly(new InternetAddress("a@v4.test"), new InternetAddress("b@v6.test"));
        assertThat(EVENTS).isEmpty();
        mx4.onCommand("RCPT", "550 5.1.1 no such user");
        MimeMessage refused = through(ObservedTransport.class, message("a@v4.test"));
        assertThatThrownBy(() -> form.send(refused)).isInstanceOf(MxSendFailedException.class);
        assertThat(event().getType()).isEqualTo(TransportEvent.MESSAGE_NOT_DELIVERED);
        assertThat(EVENTS).isEmpty();
    }

    @Test
    void send_aTransportThatReplacesSendMessageHasNoResult() throws Exception {
        MimeMessage message = through(SilentTransport.class, message("a@v4.test"));
        assertThatThrownBy(() -> Postroad.send(message))
                .isExactlyInstanceOf(MessagingException.class)
                .hasMessageContaining(SilentTransport.class.getName())
                .hasMessageContaining("unknown");
    }

    @ParameterizedTest
    @EnumSource
    void sendpartial_theExceptionIsThatOfTransportSend(Form form) throws Exception {
        mx4.onCommand("RCPT TO:<bad@", "550 5.1.1 no such user");
        String[] recipients = {"bad@v4.test", "good@v4.test", "other@v6.test"};
        MxSendFailedException usual = failure(recipients);
        MimeMessage message = message(recipients);
        MxSendFailedException failure = catchThrowableOfType(MxSendFailedException.class, () -> form.send(message));
        assertThat(failure).hasMessage(usual.getMessage());
        assertThat(failure.getValidSentAddresses()).isEqualTo(usual.getValidSentAddresses());
        assertThat(failure.getValidUnsentAddresses()).isEqualTo(usual.getValidUnsentAddresses());
        assertThat(failure.getInvalidAddresses()).isEqualTo(usual.getInvalidAddresses());
        assertThat(failure.getNextException()).hasSameClassAs(usual.getNextException());
        assertThat(failure.report().recipients())
                .extracting(RecipientReport::verdict)
                .containsExactly(Verdict.FAILED, Verdict.DELIVERED, Verdict.DELIVERED);
        assertThat(failure.queueId()).isEmpty();
        assertThat(mx4.received()).hasSize(2);
        assertThat(mx6.received()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void sendpartial_falseSendsNothingIfARecipientIsRefused(Form form) throws Exception {
        properties.setProperty("mail.mx.sendpartial", "false");
        mx4.onCommand("RCPT TO:<bad@", "550 5.1.1 no such user");
        MimeMessage message = message("bad@v4.test", "other@v6.test");
        assertThatThrownBy(() -> form.send(message)).isInstanceOf(MxSendFailedException.class);
        assertThat(mx4.received()).isEmpty();
        assertThat(mx6.received()).isEmpty();
        SendResult result = form.send(message("good@v4.test", "other@v6.test"));
        assertThat(result.report().isComplete()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void reportsuccess_remainsAnException(Form form) throws Exception {
        properties.setProperty("mail.mx.reportsuccess", "true");
        MimeMessage message = message("a@v4.test");
        MxSendFailedException success = catchThrowableOfType(MxSendFailedException.class, () -> form.send(message));
        assertThat(success.report().isComplete()).isTrue();
        assertThat(mx4.received()).hasSize(1);
    }

    private void useTheQueue() {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.transport.protocol", "mxqueue");
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("queue.db"));
    }

    /** Returns the recipients of the message with the id in the queue. */
    private List<String> inQueue(Optional<String> id) throws MessagingException {
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            return queue.show(id.orElseThrow()).orElseThrow().deliveries().stream()
                    .flatMap(delivery -> delivery.recipients().stream())
                    .map(Object::toString)
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_theResultHasTheId(Form form) throws Exception {
        useTheQueue();
        connector.noAnswer("192.0.2.4");
        connector.noAnswer("2001:db8::6");
        SendResult result = form.send(message("a@v4.test", "b@v6.test"));
        assertThat(result.report().recipients())
                .hasSize(2)
                .allSatisfy(report -> assertThat(report.verdict()).isEqualTo(Verdict.QUEUED));
        assertThat(inQueue(result.queueId())).containsExactlyInAnyOrder("a@v4.test", "b@v6.test");
    }

    @Test
    void queue_aQueuedMessageArrivesOnce() throws Exception {
        useTheQueue();
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            assertThat(Postroad.send(message("a@v4.test")).queueId()).isPresent();
            transcript.await(
                    line -> line.startsWith("mx4> 250") && !mx4.received().isEmpty(), PATIENCE);
            queue.drain(PATIENCE);
        }
        assertThat(mx4.received()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void queue_anExceptionHasTheIdForTheOthers(Form form) throws Exception {
        useTheQueue();
        connector.noAnswer("192.0.2.4");
        MimeMessage message = message("a@v4.test");
        Address[] recipients = {new InternetAddress("b", false), new InternetAddress("a@v4.test")};
        MxSendFailedException failure =
                catchThrowableOfType(MxSendFailedException.class, () -> form.send(message, recipients));
        assertThat(failure.getInvalidAddresses()).containsExactly(recipients[0]);
        assertThat(inQueue(failure.queueId())).containsExactly("a@v4.test");
    }

    @ParameterizedTest
    @EnumSource
    void queue_aDirectFirstAttemptHasBothReportAndId(Form form) throws Exception {
        useTheQueue();
        properties.setProperty("mail.mx.queue.firstattempt", "sync");
        connector.noAnswer("2001:db8::6");
        SendResult result = form.send(message("a@v4.test", "b@v6.test"));
        assertThat(result.report().recipients())
                .extracting(RecipientReport::verdict)
                .containsExactly(Verdict.DELIVERED, Verdict.QUEUED);
        assertThat(result.report().domains())
                .allSatisfy(domain -> assertThat(domain.attempts()).isNotEmpty());
        assertThat(inQueue(result.queueId())).containsExactly("b@v6.test");
        SendResult direct = form.send(message("a@v4.test"));
        assertThat(direct.report().isComplete()).isTrue();
        assertThat(direct.queueId()).isEmpty();
        assertThat(mx4.received()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"smtp", "nosuch"})
    void provider_anotherOneIsRefusedWithTheProperty(String protocol) throws Exception {
        properties.setProperty("mail.transport.protocol.rfc822", protocol);
        for (Form form : Form.values()) {
            MimeMessage message = message("a@v4.test");
            assertThatThrownBy(() -> form.send(message))
                    .isInstanceOf(NoSuchProviderException.class)
                    .hasMessageContaining("mail.transport.protocol.rfc822")
                    .hasMessageContaining("mx or mxqueue")
                    .hasMessageContaining("Postroad.install")
                    .hasMessageContaining(protocol.equals("smtp") ? "SMTPTransport" : "nosuch");
        }
        assertThat(transcript.lines()).isEmpty();
    }

    @Test
    void provider_installMakesItOurs() throws Exception {
        properties.remove("mail.transport.protocol.rfc822");
        MimeMessage message = message("a@v4.test");
        assertThatThrownBy(() -> Postroad.send(message)).isInstanceOf(NoSuchProviderException.class);
        Postroad.install(message.getSession());
        assertThat(Postroad.send(message).report().isComplete()).isTrue();
        assertThat(mx4.received()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void provider_otherAddressTypesAreRefused(Form form) throws Exception {
        MimeMessage message = message("a@v4.test");
        message.addRecipient(MimeMessage.RecipientType.NEWSGROUPS, new NewsAddress("comp.mail"));
        MimeMessage mail = message("a@v4.test");
        Address news = new NewsAddress("comp.mail");
        for (Throwable refused :
                Arrays.asList(catchThrowable(() -> form.send(message)), catchThrowable(() -> form.send(mail, news)))) {
            assertThat(refused)
                    .isExactlyInstanceOf(SendFailedException.class)
                    .hasMessageContaining("comp.mail")
                    .hasMessageContaining("news")
                    .hasMessageContaining("rfc822");
        }
        assertThat(transcript.lines()).isEmpty();
    }

    /** A message that records the thread that writes it, and waits before it is saved. */
    private MimeMessage recorded(BlockingQueue<Thread> threads, CountDownLatch saving, String... recipients)
            throws MessagingException {
        return new MimeMessage(message(recipients)) {
            @Override
            public void saveChanges() throws MessagingException {
                threads.add(Thread.currentThread());
                try {
                    saving.await();
                } catch (InterruptedException e) {
                    throw new MessagingException("interrupted", e);
                }
                super.saveChanges();
            }
        };
    }

    @Test
    void async_returnsBeforeTheSendAndUsesACopyOfTheRecipients() throws Exception {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        CountDownLatch saving = new CountDownLatch(1);
        Address[] recipients = {new InternetAddress("a@v4.test")};
        CompletionStage<SendResult> stage = Postroad.sendAsync(recorded(threads, saving, "a@v4.test"), recipients);
        recipients[0] = new InternetAddress("b@v6.test");
        Thread thread = threads.poll(60, TimeUnit.SECONDS);
        assertThat(thread).isNotNull().isNotSameAs(Thread.currentThread());
        assertThat(stage.toCompletableFuture().isDone()).isFalse();
        saving.countDown();
        assertThat(result(stage).report().recipients())
                .singleElement()
                .satisfies(report -> assertThat(report.recipient()).hasToString("a@v4.test"));
        assertThat(mx4.received()).hasSize(1);
    }

    /** If the sends themselves had the threads of the executor, no delivery could begin. */
    @Test
    void async_anExecutorWithOneThreadIsEnough() throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        try {
            properties.put("mail.mx.executor", single);
            List<CompletionStage<SendResult>> sends = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                sends.add(Postroad.sendAsync(message("a@v4.test", "b@v6.test")));
            }
            for (CompletionStage<SendResult> send : sends) {
                assertThat(result(send).report().isComplete()).isTrue();
            }
        } finally {
            single.shutdownNow();
        }
        assertThat(mx4.received()).hasSize(5);
        assertThat(mx6.received()).hasSize(5);
    }

    @Test
    void cancel_interruptsTheSend() throws Exception {
        mx4.onCommand("MAIL", Misbehaviour.STALL);
        CompletableFuture<SendResult> send = Postroad.sendAsync(through(ObservedTransport.class, message("a@v4.test")))
                .toCompletableFuture();
        transcript.await(line -> line.equals("mx4: STALL"), PATIENCE);
        assertThat(send.cancel(true)).isTrue();
        assertThat(send).isCancelled();
        assertThat(event().getType()).isEqualTo(TransportEvent.MESSAGE_NOT_DELIVERED);
        assertThat(mx4.received()).isEmpty();
    }

    @Test
    void cancel_ofADependentStageDoesNotAffectTheSend() throws Exception {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        CountDownLatch saving = new CountDownLatch(1);
        CompletionStage<SendResult> stage = Postroad.sendAsync(recorded(threads, saving, "a@v4.test"));
        assertThat(stage.thenApply(SendResult::report).toCompletableFuture().cancel(true))
                .isTrue();
        saving.countDown();
        assertThat(result(stage).report().isComplete()).isTrue();
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void close_stopsAnAsynchronousSendWhoseStageHasTheReport() throws Exception {
        mx4.onCommand("MAIL", Misbehaviour.STALL);
        CompletionStage<SendResult> stage = Postroad.sendAsync(message("a@v4.test"));
        transcript.await(line -> line.equals("mx4: STALL"), PATIENCE);
        Postroad.close();
        MxSendFailedException failure = catchThrowableOfType(MxSendFailedException.class, () -> result(stage));
        assertThat(failure.report().recipients())
                .extracting(RecipientReport::verdict)
                .containsExactly(Verdict.DEFERRED);
    }

    @Test
    void close_interruptsAnAsynchronousSendBeforeItHasDeliveries() throws Exception {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        CompletionStage<SendResult> stage = Postroad.sendAsync(recorded(threads, new CountDownLatch(1), "a@v4.test"));
        assertThat(threads.poll(60, TimeUnit.SECONDS)).isNotNull();
        Postroad.close();
        assertThatThrownBy(() -> result(stage)).hasMessageStartingWith("interrupted");
        assertThat(transcript.lines()).isEmpty();
    }

    @Test
    void result_hasTheMethodsOfAValue() throws Exception {
        SendResult direct = Postroad.send(message("a@v4.test"));
        SendResult queued = direct.withQueueId("7");
        assertThat(queued).isNotEqualTo(direct).isEqualTo(new SendResult(direct.report()).withQueueId("7"));
        assertThat(queued).hasSameHashCodeAs(new SendResult(direct.report()).withQueueId("7"));
        assertThat(direct).isNotEqualTo(direct.withReport(queued.report().withDomains(List.of())));
        assertThat(queued.withReport(direct.report())).isEqualTo(queued);
        assertThat(direct).hasToString(direct.report().toString());
        assertThat(queued).hasToString("Stored in the queue as 7\n" + direct.report());
    }
}
