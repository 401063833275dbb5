// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.dns.DnsTesting.ask;
import static org.postroad.provider.internal.dns.DnsTesting.trusting;
import static org.postroad.provider.internal.dns.SignedTree.verdict;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.DnsAnswer.Failed;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.GrowingTimeout;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSSEC.Algorithm;
import org.xbill.DNS.DNSSEC.Digest;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.dnssec.ValidatingResolver;

/** The root is validated first: if that fails, the failure is reported and no query is sent. */
@Timeout(300)
class ValidationRootTest {

    private final SignedTree tree = new SignedTree();
    private final SigningServer server = tree.server;
    private final VirtualClock clock = new VirtualClock();

    @AfterEach
    void close() {
        tree.close();
    }

    @Test
    void dnssec_noServerIsQueriedBeforeTheFirstQuery() {
        try (DnsjavaMailDns dns = dns(tree.settings())) {
            assertThat(dns).isNotNull();
            assertThat(server.questions()).isEmpty();
        }
    }

    @Test
    void dnssec_serversThatStripSignaturesAreNamed() throws InterruptedException {
        server.trickForAll(Tricks.STRIPPING);
        try (DnsjavaMailDns dns = dns(tree.settings())) {
            Failed<?> failed = ask(dns, "mx.plain.test", RecordType.A).failure().orElseThrow();
            assertThat(failed.cause()).isEqualTo(Cause.BOGUS);
            assertThat(failed.detail())
                    .startsWith("DNSSEC is stripped by 127.0.0.1:"
                            + server.address().getPort() + ", or the trust anchor does not match: ");
        }
    }

    @Test
    void dnssec_anAnchorThatDoesNotMatchIsNamed() throws InterruptedException {
        SignedZone otherRoot = SignedZone.signed(".", "");
        DnsSettings settings = tree.settings()
                .withAnchors(
                        Optional.of(new TrustAnchors(List.of(otherRoot.digest().orElseThrow()))));
        try (DnsjavaMailDns dns = dns(settings)) {
            assertThat(ask(dns, "mx.plain.test", RecordType.A)
                            .failure()
                            .orElseThrow()
                            .detail())
                    .contains("the trust anchor does not match");
        }
    }

    @Test
    void dnssec_oneMatchingAnchorOfTwoIsEnough() throws InterruptedException {
        SignedZone otherRoot = SignedZone.signed(".", "");
        DnsSettings settings = tree.settings()
                .withAnchors(
                        Optional.of(new TrustAnchors(List.of(otherRoot.digest().orElseThrow(), tree.anchor()))));
        try (DnsjavaMailDns dns = dns(settings)) {
            assertThat(verdict(ask(dns, "mx.secure.test", RecordType.A))).endsWith("SECURE");
        }
    }

    /** RFC 6840 §5.11: an additional trust anchor for a key of another algorithm that is not in use yet does no harm. */
    @Test
    void dnssec_anAnchorOfAnotherAlgorithmIsIgnored() throws InterruptedException {
        DSRecord standBy = new DSRecord(
                SignedZone.name("."),
                DClass.IN,
                SignedZone.TTL,
                4711,
                Algorithm.RSASHA256,
                Digest.SHA256,
                new byte[32]);
        DnsSettings settings =
                tree.settings().withAnchors(Optional.of(new TrustAnchors(List.of(standBy, tree.anchor()))));
        try (DnsjavaMailDns dns = dns(settings)) {
            assertThat(verdict(ask(dns, "mx.secure.test", RecordType.A))).endsWith("SECURE");
        }
    }

    /** RFC 4035 §5.2: data that no validator can verify are insecure; such a root cannot be a trust anchor. */
    @Test
    void dnssec_anAnchorThatCannotBeVerifiedIsNamed() throws InterruptedException {
        DnsSettings settings =
                tree.settings().withAnchors(Optional.of(TrustAnchors.parse(". IN DS 1 200 2 " + "00".repeat(32))));
        try (DnsjavaMailDns dns = dns(settings)) {
            assertThat(ask(dns, "mx.plain.test", RecordType.A)
                            .failure()
                            .orElseThrow()
                            .detail())
                    .contains("the trust anchor does not match: the root is not signed");
        }
    }

    /** A property of dnsjava adds trust anchors to every validator of the JVM. */
    @Test
    void dnssec_theTrustAnchorFileOfTheJvmIsIgnored(@TempDir Path directory) throws Exception {
        Path file =
                Files.writeString(directory.resolve("anchors"), tree.anchor().toString());
        String previous = System.setProperty(ValidatingResolver.TRUST_ANCHOR_FILE_PROPERTY, file.toString());
        assertThat(previous).isNull();
        DSRecord ours = SignedZone.signed(".", "").digest().orElseThrow();
        try (DnsjavaMailDns dns = dns(tree.settings().withAnchors(Optional.of(new TrustAnchors(List.of(ours)))))) {
            assertThat(verdict(ask(dns, "mx.secure.test", RecordType.A))).isEqualTo("failed BOGUS");
        } finally {
            System.clearProperty(ValidatingResolver.TRUST_ANCHOR_FILE_PROPERTY);
        }
    }

    @Test
    void dnssec_theRootIsQueriedAgainAfterAPause() throws InterruptedException {
        server.trickForAll(Tricks.STRIPPING);
        try (DnsjavaMailDns dns = dns(tree.settings())) {
            ask(dns, "mx.secure.test", RecordType.A);
            int first = server.questions().size();
            server.heal();
            clock.advance(Validation.ROOT_PAUSE.minusNanos(1));
            assertThat(verdict(ask(dns, "mx.secure.test", RecordType.A))).isEqualTo("failed BOGUS");
            assertThat(server.questions()).hasSize(first);
            clock.advance(Duration.ofNanos(1));
            assertThat(verdict(ask(dns, "mx.secure.test", RecordType.A))).isEqualTo("found [192.0.2.1] SECURE");
        }
    }

    @Test
    void dnssec_aProvedRootIsQueriedOnce() throws InterruptedException {
        try (DnsjavaMailDns dns = dns(tree.settings())) {
            ask(dns, "mx.secure.test", RecordType.A);
            clock.advance(Duration.ofDays(1));
            ask(dns, "mx.secure.test", RecordType.MX);
            assertThat(server.questions()).containsOnlyOnce("SOA . DO CD");
        }
    }

    @Test
    void dnssec_silentServersAreReportedAsSilent() throws Exception {
        GrowingTimeout.of(DnsTesting.SILENCE, oneTry -> {
            server.trickForAll(Tricks.SILENCE);
            try (DnsjavaMailDns dns = dns(tree.settings().withTimeouts(DnsTesting.PATIENCE, oneTry))) {
                Deadline soon = Deadline.after(oneTry.multipliedBy(2));
                assertThat(dns.query(HostName.parse("mx.secure.test"), RecordType.A, soon))
                        .isEqualTo(new Failed<>(
                                Cause.TIMEOUT, "127.0.0.1:" + server.address().getPort() + " did not answer"));
                server.heal();
                assertThat(verdict(ask(dns, "mx.secure.test", RecordType.A)))
                        .as("without a pause")
                        .isEqualTo("found [192.0.2.1] SECURE");
            }
        });
    }

    @Test
    void dnssec_unreachableServersAreReportedAsUnreachable() throws InterruptedException, IOException {
        InetSocketAddress nobody;
        try (DatagramSocket closedSoon = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            nobody = (InetSocketAddress) closedSoon.getLocalSocketAddress();
        }
        try (DnsjavaMailDns dns = dns(tree.settings().withServers(List.of(nobody)))) {
            assertThat(verdict(ask(dns, "mx.secure.test", RecordType.A))).isEqualTo("failed NETWORK");
        }
    }

    @Test
    void dnssec_theNextServerIsQueriedForAMissingProof() throws InterruptedException {
        try (SigningServer broken = SigningServer.start(tree.root);
                DnsjavaMailDns dns = dns(tree.settings().withServers(List.of(broken.address(), server.address())))) {
            broken.trickForAll(Tricks.SERVER_FAILURE);
            assertThat(verdict(ask(dns, "mx.secure.test", RecordType.A))).isEqualTo("found [192.0.2.1] SECURE");
        }
    }

    /** Without local validation, the AD bit of a configured trusted server counts, and this server always sets it. */
    @Test
    void dnssec_withoutAnchorsTheServersAreTrusted() throws InterruptedException {
        server.trick("mx.secure.test.", Type.A, Tricks.FORGERY);
        try (DnsjavaMailDns dns = dns(trusting(tree.settings().withAnchors(Optional.empty())))) {
            assertThat(verdict(ask(dns, "mx.secure.test", RecordType.A))).isEqualTo("found [203.0.113.66] SECURE");
            assertThat(server.questions()).containsExactly("A mx.secure.test");
        }
    }

    private DnsjavaMailDns dns(DnsSettings settings) {
        return new DnsjavaMailDns(settings, clock, new SecureRandom());
    }
}
