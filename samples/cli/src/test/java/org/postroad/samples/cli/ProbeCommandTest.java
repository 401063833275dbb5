// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.Transcript;

/** The command {@code probe}, with a server on loopback to which a route leads. */
@Timeout(300)
class ProbeCommandTest extends CliTesting {

    private FakeSmtpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = FakeSmtpServer.start("mx", Family.IPV4, new Transcript());
    }

    @AfterEach
    void stopServer() throws Exception {
        assertThat(server.received()).isEmpty();
        server.close();
    }

    private Result probe(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "-s=mail.mx.routes=*=[127.0.0.1]:" + server.port();
        all[1] = "-s=mail.mx.localhost=client.test";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return run("probe", all);
    }

    /** Makes ports and times in the output the same each time. */
    private Result settled(Result result) {
        String out = result.out()
                .replace(":" + server.port(), ":25")
                .replaceAll("port \\d+", "port 40000")
                .replaceAll("\\d+ ms", "1 ms")
                .replaceAll("\"tookMillis\":\\d+", "\"tookMillis\":1")
                .replaceAll("\"port\":\\d+", "\"port\":25");
        return new Result(result.code(), out, result.err());
    }

    @Test
    void probe_theStepsAndWhatIsAnnounced() throws Exception {
        server.keywords("SIZE 5000", "PIPELINING");
        Result result = settled(probe("someone@dual.test"));
        assertGolden("probe.txt", result);
        assertThat(result.code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void probe_recipientsAsJson() throws Exception {
        server.onCommand("RCPT TO:<nobody", "550 5.1.1 unknown");
        Result result = settled(probe("--json", "--recipients", "someone@dual.test", "nobody@dual.test"));
        assertGolden("probe.json", result);
        assertThat(result.code()).isEqualTo(ExitCode.PERMANENT);
    }

    @Test
    void probe_aHostThatFailsIsTemporary() {
        server.onConnect(Misbehaviour.CLOSE);
        Result result = probe("someone@dual.test");
        assertThat(result.code()).isEqualTo(ExitCode.TEMPORARY);
        assertThat(result.out()).contains("    failed: 4.4.2, waiting for the greeting: bad connection: ");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void probe_aDomainWithoutHostsHasTheResultOfItsRoute() {
        Result result = run("probe", "-s=mail.mx.localhost=client.test", "nowhere.test");
        assertThat(result.code()).isEqualTo(ExitCode.PERMANENT);
        assertThat(result.out()).contains("<postmaster@nowhere.test> FAILED 5.1.2 (LOOKUP-03)");
    }
}
