// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.LoopbackConnector;
import org.postroad.fixtures.Transcript;
import org.postroad.spi.Connector;

/** The command {@code audit}, with a server of each family on loopback. */
@Timeout(300)
class AuditCommandTest extends CliTesting {

    private static LoopbackConnector network = new LoopbackConnector(new Transcript());

    private FakeSmtpServer v4;
    private FakeSmtpServer v6;

    /** The connector that the settings name. */
    public static final class Network implements Connector {
        @Override
        public Socket connect(Dial dial) throws IOException {
            return network.connect(dial);
        }
    }

    @BeforeEach
    void startServers() throws IOException {
        Transcript transcript = new Transcript();
        v4 = FakeSmtpServer.start("mx1", Family.IPV4, transcript);
        v6 = FakeSmtpServer.start("mx1", Family.IPV6, transcript);
        network = new LoopbackConnector(transcript)
                .map("192.0.2.4", 25, new InetSocketAddress(v4.address().toInetAddress(), v4.port()))
                .map("2001:db8::6", 25, new InetSocketAddress(v6.address().toInetAddress(), v6.port()))
                .refuse("192.0.2.5");
    }

    @AfterEach
    void stopServers() throws Exception {
        assertThat(v4.received()).isEmpty();
        assertThat(v6.received()).isEmpty();
        v4.close();
        v6.close();
    }

    private Result audit(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "-s=mail.mx.connector=" + Network.class.getName();
        all[1] = "-s=mail.mx.localhost=client.test";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return run("audit", all);
    }

    /** Makes ports and times in the output the same each time. */
    private static Result settled(Result result) {
        return new Result(result.code(), settled(result.out()), result.err());
    }

    private static String settled(String out) {
        return out.replaceAll("(connected from [^,]+, port) \\d+", "$1 40000")
                .replaceAll("\"tookMillis\":\\d+", "\"tookMillis\":1")
                .replaceAll("\"ttlSeconds\":\\d+", "\"ttlSeconds\":300")
                .replaceAll("\"at\":\"[^\"]+\"", "\"at\":\"2026-03-01T08:30:00Z\"")
                .replaceAll("Audit of [^<]+ UTC", "Audit of 1 March 2026, 08:30 UTC");
    }

    @Test
    void audit_asText() throws Exception {
        Result result = settled(audit("--rcpt", "site.test"));
        assertGolden("audit.txt", result);
        assertThat(result.code()).isEqualTo(ExitCode.PERMANENT);
        assertThat(result.out().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void audit_asJson() throws Exception {
        Result result = settled(audit("--json", "--connections=1", "site.test"));
        assertGolden("audit.json", result);
        assertThat(result.code()).isEqualTo(ExitCode.PERMANENT);
    }

    @Test
    void audit_asPage(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("audit.html");
        Result result = audit("--connections=1", "--html", file.toString(), "site.test", "null.test");
        String page = Files.readString(file);
        assertGolden("audit.html", new Result(result.code(), settled(page), result.err()));
        assertThat(page).doesNotContain("<script", "http://", "https://", "@import", "url(");
    }

    @Test
    void audit_severalDomainsAreSeparatedAndTheWorstCounts() {
        Result result = run("audit", "--no-connect", "good.test", "someone@site.test");
        assertThat(result.out()).startsWith("good.test: 5 rules not checked\n").contains("\n\nsite.test: ");
        assertThat(result.code()).isEqualTo(ExitCode.PERMANENT);
        assertThat(run("audit", "--no-connect", "--json", "good.test", "site.test")
                        .out()
                        .lines())
                .hasSize(2);
    }

    @Test
    void audit_warningsDoNotCount() {
        assertThat(run("audit", "--no-connect", "good.test").code()).isEqualTo(ExitCode.OK);
        Result warnings = run("audit", "--no-connect", "dual.test");
        assertThat(warnings.out()).startsWith("dual.test: 2 warnings");
        assertThat(warnings.code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void audit_withoutNetworkTheResultIsTemporary() {
        Result result = bare(
                "audit",
                "-s=mail.mx.dns.servers=127.0.0.1:1",
                "-s=mail.mx.dns.timeout=2s",
                "--no-connect",
                "dual.test");
        assertThat(result.code()).isEqualTo(ExitCode.TEMPORARY);
        assertThat(result.out()).startsWith("dual.test: 9 temporary failures, 1 rule not checked");
    }

    @Test
    void audit_coloursFollowTheFindings() {
        assertThat(run("audit", "--no-connect", "--color=always", "site.test").out())
                .startsWith("\u001b[1msite.test: ")
                .contains(
                        "\u001b[31m  AUDIT-07  problem: ",
                        "\u001b[32m  AUDIT-01  ok: ",
                        "\u001b[2m  AUDIT-08  not checked: ");
    }

    @Test
    void audit_errorsNameWhatIsWrong(@TempDir Path folder) {
        assertError(
                run("audit", "--no-connect", "[192.0.2.1]"),
                ExitCode.USAGE,
                "postroad audit: The domain [192.0.2.1] is an address literal; an audit needs a domain name such as"
                        + " example.org");
        assertError(
                run("audit", "a b"),
                ExitCode.USAGE,
                "postroad audit: The domain \"a b\" cannot be audited: The host name \"a b\" has the character \" \"; allowed"
                        + " are a-z, 0-9, hyphen and underscore; international names are given as A-labels (xn--...)");
        assertError(
                run("audit", "--connections=11", "good.test"),
                ExitCode.USAGE,
                "postroad audit: The number of connections to each address is 11; 1 to 10 are allowed");
        assertError(
                run("audit", "--no-connect", "--rcpt", "good.test"),
                ExitCode.USAGE,
                "postroad audit: --no-connect is given with --rcpt, which needs connections; allowed is one of them");
        Path missing = folder.resolve("none").resolve("audit.html");
        assertThat(run("audit", "--no-connect", "--html", missing.toString(), "good.test")
                        .err())
                .startsWith("postroad audit: The page \"" + missing + "\" cannot be written: no such file");
    }
}
