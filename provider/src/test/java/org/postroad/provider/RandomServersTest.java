// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.internet.MimeMessage;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.Mailbox;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;

/**
 * Servers with random extensions, refusals and failures: the report of each recipient matches what happened to the message.
 * {@code -Dpostroad.random.rounds} sets the number of rounds.
 */
@Timeout(300)
class RandomServersTest extends RandomTesting {

    private static final int ROUNDS = 100;

    private static final TestCertificates CERTIFICATES = TestCertificates.create();

    private static final List<String> KEYWORDS = List.of(
            "PIPELINING",
            "CHUNKING",
            "8BITMIME",
            "SIZE 1000000",
            "DSN",
            "SMTPUTF8",
            "LIMITS RCPTMAX=2",
            "LIMITS MAILMAX=1");

    private static final List<String> COMMANDS =
            List.of("EHLO", "MAIL", "RCPT", "RCPT TO:<b@", "DATA", "BDAT", "RSET", "QUIT", "STARTTLS");

    /** No 421: a server that sends it and continues leaves more doubt than a report can express. */
    private static final List<String> REFUSALS = List.of(
            "450 4.2.1 later",
            "451 4.3.0 not now",
            "452 4.5.3 too many",
            "500 5.5.1 what",
            "503 5.5.1 order",
            "550 5.1.1 nobody",
            "554 5.7.1 no");

    private static final List<Misbehaviour> FAULTS = List.of(
            Misbehaviour.CLOSE,
            Misbehaviour.REPLY_AND_CLOSE,
            Misbehaviour.RESET,
            Misbehaviour.GARBAGE_LINE,
            Misbehaviour.OVERLONG_LINE,
            Misbehaviour.ENDLESS_LINES,
            Misbehaviour.BARE_LF);

    /** Faults in the reply to a command. Elsewhere they would be false statements about the acceptance of a message. */
    private static final List<Misbehaviour> FAULTS_OF_COMMANDS = Stream.concat(
                    FAULTS.stream(),
                    Stream.of(Misbehaviour.EIGHT_BIT, Misbehaviour.NUL, Misbehaviour.SAY_421_AND_CLOSE))
            .toList();

    static IntStream seeds() {
        return seedsOf(ROUNDS);
    }

    /** Makes the server offer some of the extensions and fail at random in up to three ways. */
    private void unsettle(FakeSmtpServer server) {
        server.keywords(
                KEYWORDS.stream().filter(keyword -> random.nextInt(3) > 0).toArray(String[]::new));
        if (random.nextBoolean()) {
            server.startTls(CERTIFICATES.serverContext(server.name() + ".test"));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            int times = 1 + random.nextInt(3);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> server.onCommand(any(COMMANDS), any(REFUSALS), times);
                case 3, 4, 5 -> server.onCommand(any(COMMANDS), any(FAULTS_OF_COMMANDS), times);
                case 6 -> server.onEndOfData(any(REFUSALS), times);
                default -> {
                    if (random.nextBoolean()) {
                        server.onEndOfData(any(FAULTS));
                    } else {
                        server.inData(any(FAULTS));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void TRY_05_theReportIsCorrectWhateverServersDo(int seed) throws Exception {
        random = new Random(seed);
        unsettle(mx4);
        unsettle(mx6);
        properties.setProperty("mail.mx.reportsuccess", "true"); // for the report
        properties.setProperty("mail.mx.sendpartial", "true");
        String text = "a line of text\n".repeat(random.nextInt(4) == 0 ? 20_000 : 10);
        for (String subject : List.of("first", "second", "third")) {
            MimeMessage message = message("a@dual.test", "b@dual.test", "c@dual.test");
            message.setSubject(subject);
            message.setText(text);
            MxSendFailedException told = failure(message);
            assertThat(told.report().recipients())
                    .as("%s", transcript)
                    .hasSize(3)
                    .allSatisfy(report -> {
                        int copies = arrived(subject, report.recipient());
                        switch (report.verdict()) {
                            case DELIVERED -> assertThat(copies).isEqualTo(1);
                            case IN_DOUBT -> assertThat(copies).isBetween(0, 1);
                            default -> assertThat(copies).isZero();
                        }
                    });
        }
    }

    /** Returns how often any server accepted the message for the recipient. */
    private int arrived(String subject, Mailbox recipient) {
        return (int) Stream.of(mx4, mx6)
                .flatMap(server -> server.received().stream())
                .filter(message -> message.text().contains("Subject: " + subject))
                .filter(message -> message.recipients().contains("<" + recipient + ">"))
                .count();
    }
}
