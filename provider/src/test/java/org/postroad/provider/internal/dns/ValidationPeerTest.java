// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.dns.DnsTesting.ask;
import static org.postroad.provider.internal.dns.SignedTree.verdict;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;
import org.postroad.api.RecordType;
import org.xbill.DNS.Type;

/** unbound, a real validator, reaches the same verdicts for the same zones and the same forged answers. */
@Timeout(300)
class ValidationPeerTest {

    private final SignedTree tree = new SignedTree();

    @BeforeAll
    static void theMachineHasUnbound() {
        String mode = System.getProperty("postroad.peers", "auto");
        Assumptions.assumeFalse(mode.equals("off"), "Real-peer tests skipped: -Dpostroad.peers=off");
        if (mode.equals("required") && Unbound.find().isEmpty()) {
            Assertions.fail("Real-peer tests cannot run: unbound not found");
        }
        Assumptions.assumeTrue(Unbound.find().isPresent(), "Real-peer tests skipped: unbound not found");
    }

    @Test
    void dnssec_unboundHasTheSameResults(@TempDir Path directory) throws Exception {
        tree.server.trick("mx2.secure.test.", Type.A, Tricks.FORGERY);
        tree.server.trick("mx2.secure.test.", Type.AAAA, Tricks.WITHOUT_SIGNATURES);
        tree.server.trick("mx2.secure.test.", Type.MX, Tricks.NO_SUCH_NAME);
        tree.server.trick("mx2.secure.test.", Type.TXT, Tricks.authority("plain.test. 300 IN SOA a. b. 1 1 1 1 1"));
        List<Arguments> lies = Stream.of(RecordType.A, RecordType.AAAA, RecordType.MX, RecordType.TXT)
                .map(type -> Arguments.arguments("mx2.secure.test", type))
                .toList();
        DnsSettings settings = tree.settings();
        try (tree;
                Unbound unbound = Unbound.start(tree.server.address(), tree.anchor(), directory);
                DnsjavaMailDns ours = new DnsjavaMailDns(settings);
                DnsjavaMailDns theirs = new DnsjavaMailDns(
                        DnsTesting.trusting(DnsSettings.DEFAULTS.withServers(List.of(unbound.address()))))) {
            for (Arguments question :
                    Stream.concat(ValidationTest.answers(), lies.stream()).toList()) {
                String name = (String) question.get()[0];
                RecordType<?> type = (RecordType<?>) question.get()[1];
                if (type.equals(RecordType.CNAME) && name.equals("mx.tree.secure.test")) {
                    continue; // unbound does not prove a CNAME implied by a DNAME
                }
                assertThat(withoutCause(verdict(ask(ours, name, type))))
                        .as("%s of %s", type, name)
                        .isEqualTo(withoutCause(verdict(ask(theirs, name, type))));
            }
        }
    }

    /** If a message is bogus, unbound may report only SERVFAIL. */
    private static String withoutCause(String verdict) {
        return Optional.of(verdict).filter(text -> !text.startsWith("failed ")).orElse("failed");
    }
}
