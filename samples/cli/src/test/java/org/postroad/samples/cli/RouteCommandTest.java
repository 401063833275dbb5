// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code route}: its output, exit codes and errors. */
@Timeout(300)
class RouteCommandTest extends CliTesting {

    @Test
    void route_aDualStackDomainAsText() throws Exception {
        Result result = run("route", "someone@dual.test");
        assertGolden("route-dual.txt", result);
        assertThat(result.code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void route_aDualStackDomainAsJson() throws Exception {
        Result result = run("route", "--json", "someone@dual.test");
        String settled = result.out().replaceAll("\"ttlSeconds\":\\d+", "\"ttlSeconds\":300"); // it runs out
        assertGolden("route-dual.json", new Result(result.code(), settled, result.err()));
        assertThat(result.code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void route_aHostOfOneFamilyNeedsARelay() throws Exception {
        Result result = run(
                "route",
                "-s",
                "mail.mx.families=ipv4",
                "-s",
                "mail.mx.relay.ipv6=smtps://relay.test",
                "someone@v6.test");
        assertGolden("route-relay.txt", result);
        assertThat(result.code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void route_withoutARelayTheResultIsPermanent() throws Exception {
        Result result = run("route", "-s=mail.mx.families=ipv4", "someone@v6.test", "someone@dual.test");
        assertGolden("route-no-relay.txt", result);
        assertThat(result.code()).isEqualTo(ExitCode.PERMANENT);
    }

    @Test
    void route_ownMailExchangersAndANullMx() throws Exception {
        Result result = run("route", "-s=mail.mx.localnames=self.test", "own.test", "null.test");
        assertGolden("route-own.txt", result);
        assertThat(result.code()).isEqualTo(ExitCode.PERMANENT);
    }

    @Test
    void route_coloursOnlyIfWanted() {
        assertThat(run("route", "dual.test").out()).doesNotContain("\u001b");
        assertThat(run("route", "--color=always", "dual.test").out())
                .startsWith("\u001b[1mdual.test\u001b[0m")
                .contains("\u001b[32m  contact 1 ");
    }

    @Test
    void route_aDomainThatDoesNotExistIsPermanentInOneLine() {
        Result result = run("route", "nowhere.test");
        assertThat(result.code()).isEqualTo(ExitCode.PERMANENT);
        assertThat(result.out())
                .contains(
                        "  result     <postmaster@nowhere.test> FAILED 5.1.2 (LOOKUP-03): The domain nowhere.test does"
                                + " not exist");
    }

    @Test
    void route_withoutNetworkTheResultIsTemporary() {
        Result result = bare(
                "route",
                "-s=mail.mx.dns.servers=127.0.0.1:1",
                "-s=mail.mx.dns.timeout=2s",
                "-s=mail.mx.dane=false",
                "dual.test");
        assertThat(result.code()).isEqualTo(ExitCode.TEMPORARY);
        assertThat(result.out())
                .contains("DEFERRED 4.4.3 (LOOKUP-02): The MX records of dual.test are not known for now");
    }

    @Test
    void route_aMalformedAddressIsPermanentAndTheOthersAreShown() {
        Result result = run("route", "a@@b", "someone@dual.test");
        assertThat(result.code()).isEqualTo(ExitCode.PERMANENT);
        assertThat(result.out()).contains("<a@@b> FAILED 5.1.3 (RFC 5321 4.1.2): ", "  contact 1 ");
    }

    @Test
    void route_aWrongSettingIsTheErrorOfPostroad() {
        assertError(
                run("route", "-s=mail.mx.families=ipv5", "dual.test"),
                ExitCode.USAGE,
                "postroad route: The property mail.mx.families has the value \"ipv5\"; allowed is auto, ipv4, ipv6 or"
                        + " both: \"ipv5\" is none of auto, ipv4, ipv6, both");
        assertError(
                run("route", "-s=families=ipv4", "dual.test"),
                ExitCode.USAGE,
                "postroad route: The setting \"families\" is unknown; names of settings begin with mail., such as"
                        + " mail.mx.families");
    }

    @Test
    void route_settingsOfTheCommandLinePrecedeThoseOfAFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("mail.properties");
        Files.writeString(file, "mail.mx.routes=*=[192.0.2.7]:2525\nmail.mx.families=ipv5\n");
        Result result = run("route", "--settings", file.toString(), "dual.test");
        assertThat(result.out()).contains("next hop   192.0.2.7, port 2525 (mail.mx.routes)");
        assertThat(result.code()).isEqualTo(ExitCode.OK);
        Path missing = folder.resolve("none");
        assertError(
                run("route", "--settings", missing.toString(), "dual.test"),
                ExitCode.USAGE,
                "postroad route: The file of settings \"" + missing + "\" cannot be read: no such file: " + missing);
    }
}
