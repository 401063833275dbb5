// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.SettingDescriptor;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.Domain;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.QueueFilter;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta;
import org.postroad.fixtures.TestCertificates;
import org.postroad.provider.internal.jfr.FlightEvents;

/** The events of JDK Flight Recorder, from real deliveries. */
@Timeout(60)
class FlightEventsTest extends TransportTesting {

    private static final Set<String> NAMES = Set.of(
            "org.postroad.Dns",
            "org.postroad.Dial",
            "org.postroad.TlsHandshake",
            "org.postroad.Transaction",
            "org.postroad.QueueAttempt");

    private static final RemoteMta REMOTE = new RemoteMta(
            RemoteMta.Role.MAIL_EXCHANGER, HostName.parse("mx.example.test"), IpAddress.parse("192.0.2.1"), 25);

    private static final Domain DOMAIN = Domain.parse("v4.test");

    @TempDir
    Path directory;

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    private List<RecordedEvent> recorded(Work work) throws Exception {
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            NAMES.forEach(name -> recording.enable(name).withThreshold(Duration.ZERO));
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> NAMES.contains(event.getEventType().getName()))
                .toList();
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("org.postroad." + name))
                .toList();
    }

    private static RecordedEvent only(List<RecordedEvent> events, String name) {
        assertThat(named(events, name)).hasSize(1);
        return named(events, name).get(0);
    }

    @Test
    void jfr_aRecordingHasEachStepOfADelivery() throws Exception {
        mx4.startTls(TestCertificates.create().serverContext("mx4.v4.test"));
        mx4.onCommand("RCPT TO:<nobody@", "550 5.1.1 nobody@v4.test does not exist");
        List<RecordedEvent> events = recorded(() -> failure("a@v4.test", "nobody@v4.test"));
        assertThat(named(events, "Dns"))
                .extracting(event -> event.getString("name") + " " + event.getString("recordType") + " "
                        + event.getString("result") + " " + event.getInt("records"))
                .contains("v4.test MX found 1", "mx4.v4.test A found 1", "mx4.v4.test AAAA no data 0");
        RecordedEvent dial = only(events, "Dial");
        assertThat(dial.getString("host")).isEqualTo("mx4.v4.test");
        assertThat(dial.getString("address")).isEqualTo("192.0.2.4");
        assertThat(dial.getInt("port")).isEqualTo(25);
        assertThat(dial.getString("family")).isEqualTo("IPv4");
        assertThat(dial.getString("result")).isEqualTo("ok");
        RecordedEvent handshake = only(events, "TlsHandshake");
        assertThat(handshake.getString("protocol")).isEqualTo("TLSv1.3");
        assertThat(handshake.getString("protection")).isEqualTo("OPPORTUNISTIC");
        assertThat(handshake.getString("result")).isEqualTo("ok");
        RecordedEvent transaction = only(events, "Transaction");
        assertThat(transaction.getInt("recipients")).isEqualTo(2);
        assertThat(transaction.getInt("accepted")).isEqualTo(1);
        assertThat(transaction.getInt("replyCode")).isEqualTo(550);
        assertThat(transaction.getString("bounceClass")).isEqualTo("BAD_MAILBOX");
        assertThat(transaction.getDuration()).isPositive();
        assertThat(named(events, "QueueAttempt")).isEmpty();
        assertThat(events).allSatisfy(event -> {
            assertThat(event.getStackTrace()).isNull();
            assertThat(event.toString()).doesNotContain("nobody@", "a@v4", "me@");
        });
    }

    @Test
    void jfr_aFailedDialHasTheClassOfItsException() throws Exception {
        connector.refuse("192.0.2.4");
        List<RecordedEvent> events = recorded(() -> failure("a@v4.test"));
        assertThat(only(events, "Dial").getString("result")).isEqualTo("java.net.ConnectException");
        assertThat(named(events, "Transaction")).isEmpty();
    }

    @Test
    void jfr_anAttemptOfAQueueHasItsIdAndResult() throws Exception {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("queue.db"));
        String[] id = new String[1];
        List<RecordedEvent> events = recorded(() -> {
            try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
                queue.pause(DOMAIN);
                Transport.send(message("a@v4.test"));
                id[0] = queue.list(QueueFilter.ALL, "", 1).get(0).id();
                queue.resume(DOMAIN);
                assertThat(queue.drain(Duration.ofSeconds(60))).isTrue();
            }
        });
        RecordedEvent attempt = only(events, "QueueAttempt");
        assertThat(attempt.getString("id")).isEqualTo(id[0]);
        assertThat(attempt.getString("domain")).isEqualTo("v4.test");
        assertThat(attempt.getInt("attempt")).isEqualTo(1);
        assertThat(attempt.getInt("delivered")).isEqualTo(1);
        assertThat(attempt.getInt("failed") + attempt.getInt("deferred")).isZero();
        assertThat(attempt.getString("status")).isEqualTo("2.0.0");
    }

    @Test
    void jfr_everyEventAndFieldHasALabel() throws Exception {
        recorded(() -> send(message("a@v4.test"))); // registers the events
        List<EventType> types = FlightRecorder.getFlightRecorder().getEventTypes().stream()
                .filter(type -> type.getName().startsWith("org.postroad."))
                .toList();
        assertThat(types.stream().map(EventType::getName).collect(Collectors.toSet()))
                .isEqualTo(NAMES);
        for (EventType type : types) {
            assertThat(type.getCategoryNames()).containsExactly("Postroad");
            assertThat(type.getLabel()).isNotBlank();
            assertThat(type.getDescription()).isNotBlank();
            assertThat(type.getSettingDescriptors())
                    .filteredOn(setting -> setting.getName().equals("stackTrace"))
                    .extracting(SettingDescriptor::getDefaultValue)
                    .containsExactly("false");
            assertThat(type.getFields()).extracting(ValueDescriptor::getLabel).doesNotContainNull();
        }
    }

    /** In the interpreter too: nothing depends on the compiler finding out that an object is not needed. */
    @Test
    void jfr_withoutARecordingAnEventAllocatesNothing() {
        Object done = new Object();
        HostName name = HostName.parse("example.test");
        begin(name, done);
        long before = Allocations.ofThisThread();
        long nothing = Allocations.ofThisThread() - before;
        before = Allocations.ofThisThread();
        for (int i = 0; i < 10_000; i++) {
            begin(name, done);
        }
        assertThat(Allocations.ofThisThread() - before).isLessThanOrEqualTo(nothing + 1024);
    }

    private static void begin(HostName name, Object done) {
        FlightEvents.dns(name, RecordType.MX);
        FlightEvents.dial(REMOTE).end(done);
        FlightEvents.tlsHandshake(REMOTE).end(done);
        FlightEvents.transaction(REMOTE, 7, 1).end(List.of());
        FlightEvents.queueAttempt("id", DOMAIN, 1).end(List.of());
    }

    /** A program that does what a delivery does, in a JVM without the module. */
    public static final class WithoutFlightRecorder {

        private WithoutFlightRecorder() {}

        public static void main(String[] arguments) {
            FlightEvents.dial(REMOTE).end(arguments);
            FlightEvents.tlsHandshake(REMOTE).end(arguments);
            System.out.println(ModuleLayer.boot().findModule("jdk.jfr").isPresent() + " fine");
        }
    }

    @Test
    void jfr_withoutTheModuleNothingIsRecordedAndNothingFails() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(ChildJvm.command(
                WithoutFlightRecorder.class, "--limit-modules", "java.base,java.management,java.naming,java.sql"));
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.strip()).isEqualTo("false fine");
    }
}
