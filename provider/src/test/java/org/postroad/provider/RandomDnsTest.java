// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.Verdict;
import org.postroad.fixtures.DnsFault;

/**
 * DNS with random failures and no false answers: missing answers delay mail and never bounce it. {@code -Dpostroad.random.rounds} sets the
 * number of rounds.
 */
@Timeout(300)
class RandomDnsTest extends RandomTesting {

    private static final int ROUNDS = 30;

    /** Faults that make a false statement about the zone. All others are failures of a server or of the network. */
    private static final Set<DnsFault> LIES = EnumSet.of(
            DnsFault.NXDOMAIN, DnsFault.NXDOMAIN_WITHOUT_SOA, DnsFault.NO_DATA, DnsFault.NO_DATA_WITHOUT_SOA);

    private static final List<DnsFault> FAULTS = List.copyOf(EnumSet.complementOf(EnumSet.copyOf(LIES)));

    private static final List<String> GOOD = List.of("v4.test", "v6.test", "dual.test", "implicit.test", "both.test");
    private static final List<String> BAD = List.of("null.test", "hollow.test", "missing.test");

    private static final List<String> NAMES = List.of(
            "v4.test",
            "mx4.v4.test",
            "v6.test",
            "mx6.v6.test",
            "dual.test",
            "implicit.test",
            "both.test",
            "null.test",
            "hollow.test",
            "nowhere.hollow.test",
            "missing.test",
            "_mta-sts.v4.test",
            "_mta-sts.dual.test");

    private static final List<RecordType<?>> TYPES =
            List.of(RecordType.MX, RecordType.A, RecordType.AAAA, RecordType.TXT);

    static IntStream seeds() {
        return seedsOf(ROUNDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void LOOKUP_02_aFailedLookupIsNeverABounce(int seed) throws Exception {
        random = new Random(seed);
        properties.setProperty("mail.mx.reportsuccess", "true"); // for the report
        properties.setProperty("mail.mx.dns.timeout", "200");
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            String name = any(NAMES);
            RecordType<?> type = any(TYPES);
            DnsFault fault = any(FAULTS);
            if (random.nextBoolean()) {
                dns.fault(name, type, fault);
            } else {
                dns.fault(name, type, fault, 1 + random.nextInt(3));
            }
        }
        String[] recipients = Stream.concat(GOOD.stream(), BAD.stream())
                .map(domain -> "a@" + domain)
                .toArray(String[]::new);

        MxSendFailedException told = failure(recipients);

        for (RecipientReport report : told.report().recipients()) {
            boolean good = GOOD.contains(report.recipient().domain().toString());
            assertThat(report.verdict())
                    .as("%s%n%s", report, transcript)
                    .isIn(good ? Verdict.DELIVERED : Verdict.FAILED, Verdict.DEFERRED);
        }
    }
}
