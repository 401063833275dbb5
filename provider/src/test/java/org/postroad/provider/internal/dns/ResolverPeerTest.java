// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.dns.DnsTesting.PATIENCE;
import static org.postroad.provider.internal.dns.DnsTesting.ask;
import static org.postroad.provider.internal.dns.DnsTesting.kind;
import static org.postroad.provider.internal.dns.DnsTesting.trusting;
import static org.postroad.provider.internal.dns.SignedTree.verdict;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.Deadline;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.xbill.DNS.Type;

/**
 * Tests with a real resolver, unbound: how it shows that it validates, how its verdicts count beside other servers, and how slow it may be.
 */
@Timeout(300)
class ResolverPeerTest {

    private static final String PROBE = "probe.plain.test";

    /** As documented in {@link ValidationProbe}. */
    private static final String ANCHOR = "trust-anchor: \"probe.plain.test. DS 1 8 2 " + "0".repeat(64) + "\"";

    private final SignedTree tree = new SignedTree();

    @TempDir
    private Path directory;

    @BeforeAll
    static void theMachineHasUnbound() {
        String mode = System.getProperty("postroad.peers", "auto");
        Assumptions.assumeFalse(mode.equals("off"), "Real-peer tests skipped: -Dpostroad.peers=off");
        if (mode.equals("required") && Unbound.find().isEmpty()) {
            Assertions.fail("Real-peer tests cannot run: unbound not found");
        }
        Assumptions.assumeTrue(Unbound.find().isPresent(), "Real-peer tests skipped: unbound not found");
    }

    @AfterEach
    void close() {
        tree.close();
    }

    @Test
    void TLS_08_unboundWithTheAnchorOfTheProbeValidates() throws Exception {
        try (Unbound unbound = Unbound.start(tree.server.address(), tree.anchor(), directory, ANCHOR);
                DnsjavaMailDns dns =
                        new DnsjavaMailDns(settings(unbound.address()).withProbe(Optional.of(HostName.parse(PROBE))))) {
            assertThat(probe(unbound.address(), PROBE))
                    .isEqualTo(new ValidationProbe.Finding(
                            ValidationProbe.Verdict.VALIDATES, "it alone finds probe.plain.test. bogus"));
            assertThat(probe(unbound.address(), PROBE).verdict())
                    .as("from its cache")
                    .isEqualTo(ValidationProbe.Verdict.VALIDATES);
            assertThat(verdict(ask(dns, "mx.secure.test", RecordType.A))).isEqualTo("found [192.0.2.1] SECURE");
            assertThat(verdict(ask(dns, "mx.plain.test", RecordType.A))).isEqualTo("found [192.0.2.8] INSECURE");
        }
    }

    /** It does validate, but that cannot be distinguished from an upstream validator. */
    @Test
    void TLS_08_unboundWithoutTheAnchorLooksLikeAForwarder() throws Exception {
        tree.server.trick("mx2.secure.test.", Type.A, Tricks.FORGERY);
        try (Unbound outside = Unbound.start(tree.server.address(), tree.anchor(), directory);
                ScriptedResolver docker = ScriptedResolver.start(ScriptedResolver.forwarder(outside.address()));
                ScriptedResolver stub =
                        ScriptedResolver.start(ScriptedResolver.forwarderThatClearsAd(outside.address()))) {
            for (InetSocketAddress server : List.of(outside.address(), docker.address(), stub.address())) {
                assertThat(probe(server, PROBE).verdict()).isEqualTo(ValidationProbe.Verdict.DOES_NOT_VALIDATE);
                assertThat(probe(server, "mx2.secure.test").verdict())
                        .as("bogus for everybody")
                        .isNotEqualTo(ValidationProbe.Verdict.VALIDATES);
                try (DnsjavaMailDns dns =
                        new DnsjavaMailDns(settings(server).withProbe(Optional.of(HostName.parse(PROBE))))) {
                    assertThat(kind(ask(dns, "mx.secure.test", RecordType.A))).isEqualTo("failed SERVER_FAILURE");
                }
            }
        }
    }

    /** The other server's address is not trusted; it sets the AD bit in every answer. */
    @Test
    void TLS_08_anotherServerDoesNotReplaceWhatUnboundFindsBogus() throws Exception {
        tree.server.trick("mx.secure.test.", Type.A, Tricks.FORGERY);
        tree.server.trick("_25._tcp.mx.secure.test.", Type.TLSA, Tricks.NO_SUCH_NAME);
        try (Unbound unbound = Unbound.start(tree.server.address(), tree.anchor(), directory);
                ScriptedResolver other =
                        ScriptedResolver.start("127.0.0.2", ScriptedResolver.forwarder(tree.server.address()));
                DnsjavaMailDns both = new DnsjavaMailDns(trusting(settings(unbound.address(), other.address())));
                DnsjavaMailDns otherOnly = new DnsjavaMailDns(trusting(settings(other.address())))) {
            for (RecordType<?> type : List.of(RecordType.A, RecordType.TLSA)) {
                String name = (type == RecordType.TLSA ? "_25._tcp." : "") + "mx.secure.test";
                assertThat(kind(ask(otherOnly, name, type))).doesNotStartWith("failed");
                assertThat(kind(ask(both, name, type))).startsWith("failed");
            }
            assertThat(verdict(ask(both, "mx2.secure.test", RecordType.A))).isEqualTo("found [192.0.2.2] SECURE");
        }
    }

    /** unbound queries the silent authoritative server repeatedly, for more than five seconds in total. Its late answer counts. */
    @Test
    void dns_anAnswerAfterMoreThanTwoTriesCounts() throws Exception {
        AtomicInteger left = new AtomicInteger(4);
        tree.server.trickForAll(truth -> left.getAndDecrement() > 0 ? Optional.empty() : Optional.of(truth.toWire()));
        try (Unbound unbound = Unbound.start(tree.server.address(), tree.anchor(), directory);
                DnsjavaMailDns dns = new DnsjavaMailDns(DnsSettings.DEFAULTS
                        .withServers(List.of(unbound.address()))
                        .withTimeouts(PATIENCE, DnsSettings.DEFAULTS.tryTimeout()))) {
            assertThat(kind(ask(dns, "mx.plain.test", RecordType.A))).isEqualTo("found [192.0.2.8] INSECURE");
            assertThat(left.get()).as("questions that were answered").isNegative();
        }
    }

    private static ValidationProbe.Finding probe(InetSocketAddress server, String name) throws InterruptedException {
        try (DnsExchange exchange = new DnsExchange()) {
            return new ValidationProbe(exchange, false).probe(server, HostName.parse(name), Deadline.after(PATIENCE));
        }
    }

    private static DnsSettings settings(InetSocketAddress... servers) throws IOException {
        return DnsSettings.DEFAULTS.withServers(List.of(servers)).withTimeouts(PATIENCE, Duration.ofSeconds(20));
    }
}
