// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.Postroad;
import picocli.CommandLine.Help.Ansi;

/** Runs commands in this JVM, with a DNS server on loopback. */
abstract class CliTesting {

    private static final String ZONE = """
            dual.test.     MX 10 mx1.dual.test.
            dual.test.     MX 20 mx2.dual.test.
            mx1.dual.test. A 192.0.2.1
            mx1.dual.test. AAAA 2001:db8::1
            mx2.dual.test. A 192.0.2.2
            mx2.dual.test. A 10.0.0.2
            v6.test.       MX 10 mx.v6.test.
            mx.v6.test.    AAAA 2001:db8::6
            null.test.     MX 0 .
            own.test.      MX 10 mx1.dual.test.
            own.test.      MX 20 self.test.
            own.test.      MX 30 mx2.dual.test.
            relay.test.    A 192.0.2.9
            site.test.     MX 10 mx1.site.test.
            site.test.     MX 20 mx2.site.test.
            site.test.     MX 30 old.site.test.
            mx1.site.test. A 192.0.2.4
            mx1.site.test. AAAA 2001:db8::6
            mx2.site.test. A 192.0.2.5
            good.test.     MX 10 mx1.good.test.
            good.test.     MX 20 mx2.good.test.
            mx1.good.test. A 192.0.2.4
            mx1.good.test. AAAA 2001:db8::6
            mx2.good.test. A 192.0.2.7
            mx2.good.test. AAAA 2001:db8::8
            """;

    private final Transcript transcript = new Transcript();
    private FakeDnsServer dns;
    private List<String> settings = List.of();

    /** What a command printed, and its exit code. */
    record Result(int code, String out, String err) {}

    @BeforeEach
    void start() throws IOException {
        dns = FakeDnsServer.start(ZONE, transcript);
        settings = List.of(
                "-s=mail.mx.dns.servers=127.0.0.1:" + dns.address(Family.IPV4).getPort(),
                "-s=mail.mx.families=both",
                "-s=mail.mx.addressorder=ipv6",
                "-s=mail.mx.ownaddresses=none",
                "-s=mail.mx.addresses.allow=192.0.2.0/24 2001:db8::/32");
    }

    @AfterEach
    void stop() throws Exception {
        Postroad.close();
        dns.close();
    }

    /** Runs a command with the settings of the test. */
    Result run(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(settings);
        all.addAll(List.of(arguments));
        return bare(all.toArray(String[]::new));
    }

    /** Runs the program with these arguments only. */
    static Result bare(String... arguments) {
        return bare(InputStream.nullInputStream(), arguments);
    }

    /** Runs the program with a standard input. */
    static Result bare(InputStream in, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        int code = Main.run(
                in,
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintWriter(err, true),
                Ansi.OFF,
                arguments);
        return new Result(code, out.toString(Charset.defaultCharset()), err.toString());
    }

    /** Checks the output against a file beside this class. With {@code -Dpostroad.pages.write=true}, it is written. */
    static void assertGolden(String file, Result result) throws IOException {
        assertThat(result.err()).isEmpty();
        Path path = Path.of("src/test/resources/org/postroad/samples/cli", file);
        String out = result.out()
                .replace(System.lineSeparator(), "\n")
                .replaceAll("(?s)<style>.*</style>", "<style></style>"); // the same for all pages
        if (Boolean.getBoolean("postroad.pages.write")) {
            Files.writeString(path, out);
        }
        assertThat(out).isEqualTo(Files.readString(path));
    }

    /** Checks that the error is one line, and nothing else was printed. */
    static void assertError(Result result, int code, String line) {
        assertThat(result.err()).isEqualTo(line + System.lineSeparator());
        assertThat(result.out()).isEmpty();
        assertThat(result.code()).isEqualTo(code);
    }
}
