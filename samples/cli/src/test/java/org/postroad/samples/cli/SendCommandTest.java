// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.Transcript;

/** The command {@code send}, with a server on loopback to which a route leads. */
@Timeout(300)
class SendCommandTest extends CliTesting {

    private static final String MESSAGE = """
            From: me@client.test
            To: Anna <anna@dual.test>, ben@dual.test
            Bcc: carl@dual.test
            Date: Mon, 2 Mar 2026 08:30:00 +0000
            Message-ID: <17@client.test>
            Subject: Hello

            Hello!
            """.replace("\n", "\r\n");

    @TempDir
    private Path folder;

    private FakeSmtpServer server;
    private Path file;

    @BeforeEach
    void startServer() throws IOException {
        server = FakeSmtpServer.start("mx", Family.IPV4, new Transcript());
        file = folder.resolve("message.eml");
        Files.writeString(file, MESSAGE);
    }

    @AfterEach
    void stopServer() throws Exception {
        server.close();
    }

    private List<String> settings() {
        return List.of("-s=mail.mx.routes=*=[127.0.0.1]:" + server.port(), "-s=mail.mx.localhost=client.test");
    }

    private Result send(String... arguments) {
        List<String> all = new ArrayList<>(settings());
        all.addAll(List.of(arguments));
        return run("send", all.toArray(String[]::new));
    }

    private Result settled(Result result) {
        String out = result.out()
                .replace(":" + server.port(), ":25")
                .replaceAll("\"port\":\\d+", "\"port\":25")
                .replaceAll("\\d+ ms", "1 ms")
                .replaceAll("Millis\":\\d+", "Millis\":1")
                .replaceAll("\"number\":\\d+", "\"number\":1")
                .replaceAll("connection \\d+", "connection 1")
                .replaceAll("20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z", "2026-03-01T08:30:00Z");
        return new Result(result.code(), out, result.err());
    }

    @Test
    void send_theResultOfEachRecipient() throws Exception {
        server.onCommand("RCPT TO:<ben", "550 5.1.1 unknown");
        server.onCommand("RCPT TO:<carl", "450 4.2.0 greylisted");
        Result result = settled(send(file.toString(), "-t"));
        assertGolden("send.txt", result);
        assertThat(result.code()).isEqualTo(ExitCode.PERMANENT);
    }

    @Test
    void send_theOctetsAreThoseOfTheFileWithoutBcc() {
        Result result = send(file.toString(), "--to=dora@dual.test", "-f=sender@client.test");
        assertThat(result.code()).isEqualTo(ExitCode.OK);
        assertThat(server.received()).singleElement().satisfies(mail -> {
            assertThat(mail.text()).isEqualTo(MESSAGE.replace("Bcc: carl@dual.test\r\n", ""));
            assertThat(mail.sender()).isEqualTo("<sender@client.test>");
            assertThat(mail.recipients()).containsExactly("<dora@dual.test>");
        });
    }

    @Test
    void send_fromTheStandardInput() {
        InputStream in = new ByteArrayInputStream(MESSAGE.getBytes(StandardCharsets.US_ASCII));
        List<String> all = new ArrayList<>(List.of("send"));
        all.addAll(settings());
        all.addAll(List.of("-s=mail.mx.addresses.allow=127.0.0.0/8", "-", "--to", "dora@dual.test"));
        Result result = bare(in, all.toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void send_deferredIsTemporary() {
        server.onConnect(Misbehaviour.CLOSE);
        Result result = send(file.toString(), "--to=a@dual.test");
        assertThat(result.out()).startsWith("<a@dual.test> DEFERRED 4.4.2 (");
        assertThat(result.code()).isEqualTo(ExitCode.TEMPORARY);
    }

    @Test
    void send_everythingAsTextAndAsJson() throws Exception {
        assertGolden("send-verbose.txt", settled(send(file.toString(), "--to=a@dual.test", "-v")));
        assertGolden("send.json", settled(send(file.toString(), "--to=a@dual.test", "--json")));
    }

    @Test
    void send_aDryRunIsTheRoute() {
        Result dry = run("send", file.toString(), "-t", "--dry-run");
        Result route = run("route", "anna@dual.test", "ben@dual.test", "carl@dual.test");
        assertThat(dry.out()).isEqualTo(route.out()).contains("mx1.dual.test");
        assertThat(dry.code()).isEqualTo(ExitCode.OK);
        assertThat(server.received()).isEmpty();
    }

    @Test
    void send_aDomainThatDoesNotExistAndAMalformedAddress() {
        Result result =
                run("send", "-s=mail.mx.localhost=client.test", file.toString(), "--to=a@nowhere.test", "--to=a@@b");
        assertThat(result.out())
                .contains("<a@nowhere.test> FAILED 5.1.2 (LOOKUP-03): The domain nowhere.test does not exist")
                .contains("<a@@b> FAILED 5.1.3 (RFC 5321 4.1.2): ")
                .hasLineCount(2);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isEqualTo(ExitCode.PERMANENT);
    }

    /** While the queue is open here, it is delivered as well. */
    @Test
    void send_intoAQueueThatNobodyHasOpen() {
        String queue = folder.resolve("queue.db").toString();
        Result result = send(file.toString(), "--to=a@dual.test", "--queue", queue);
        assertThat(result.out()).startsWith("<a@dual.test> QUEUED 2.0.0 (").contains("Stored in the queue as ");
        assertThat(result.code()).isEqualTo(ExitCode.OK);
        Result asJson = send(file.toString(), "--to=b@dual.test", "--json", "--queue", queue);
        assertThat(asJson.out()).startsWith("{\"queueId\":\"").contains("\",\"version\":1,\"complete\":");
        String id = asJson.out().replaceAll("(?s)\\{\"queueId\":\"(\\w+)\".*", "$1");
        assertThat(bare("queue", "history", "--queue", queue, id).out()).contains("<17@client.test>", "b@dual.test");
    }

    @Test
    void usage_recipientsAreInOnePlace() {
        assertError(
                send(file.toString()),
                ExitCode.USAGE,
                "postroad send: Nobody would receive it: give --to ADDRESS, or -t for those in To, Cc and Bcc"
                        + " (postroad send --help)");
        assertError(
                send(file.toString(), "-t", "--to=a@dual.test"),
                ExitCode.USAGE,
                "postroad send: --to and -t exclude each other (postroad send --help)");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            value = {
                "^^| is empty; a message begins with its header",
                "^\nSubject: x^| is not a message: it begins with \"\" in place of a header field such as \"Subject: Hello\"",
                "^PK\u0003\u0004^| is not a message: it begins with \"PK\\u0003\\u0004\" in place of a header field such as"
                        + " \"Subject: Hello\"",
                "^From me@client.test Mon^| is an mbox file: its first line begins with \"From \"; give one message",
                "^Subject: x\n\nHello^|The message has no address in To, Cc or Bcc",
                "^To: <a@^|A To, Cc or Bcc field is malformed: "
            },
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false)
    void send_whatIsNotAMessage(String content, String complaint) throws Exception {
        Files.writeString(file, content == null ? "" : content);
        Result result = send(file.toString(), "-t");
        String subject = complaint.startsWith(" ") ? '"' + file.toString() + '"' : "";
        assertThat(result.err())
                .startsWith("postroad send: " + subject + complaint)
                .hasLineCount(1);
        assertThat(result.code()).isEqualTo(ExitCode.PERMANENT);
        assertThat(server.connections()).isZero();
    }

    @Test
    void send_aFileThatDoesNotExist() {
        Path missing = folder.resolve("none");
        assertError(
                send(missing.toString(), "-t"),
                ExitCode.USAGE,
                "postroad send: \"" + missing + "\" cannot be read: no such file: " + missing);
    }

    @Test
    void send_withoutASenderNothingIsSent() throws Exception {
        Files.writeString(file, "Subject: x\n\nHello");
        Result result = send(file.toString(), "--to=a@dual.test");
        assertThat(result.out() + result.err()).contains("mail.mx.from").hasLineCount(1);
        assertThat(result.code()).isEqualTo(ExitCode.PERMANENT);
    }

    /** It may be 100 MiB, and the next octet is not read. */
    @Test
    void send_aStreamWithoutEndIsRefused() {
        InputStream endless = new InputStream() {
            private long read;

            @Override
            public int read() {
                assertThat(read++).isLessThanOrEqualTo(MessageFile.MAX_SIZE);
                return 'x';
            }

            @Override
            public int read(byte[] into, int at, int length) {
                read += length;
                assertThat(read).isLessThan(MessageFile.MAX_SIZE + 100_000L);
                Arrays.fill(into, at, at + length, (byte) 'x');
                return length;
            }
        };
        assertError(
                bare(endless, "send", "-", "--to=a@dual.test"),
                ExitCode.PERMANENT,
                "postroad send: the standard input has more than 104857600 octets (100 MiB)");
    }
}
