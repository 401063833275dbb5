// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postroad.api.Attempt;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta;
import org.postroad.api.Reply;
import org.postroad.api.Security;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;

/** The size of a history is limited, whatever servers and zones send. */
class DeliveryHistoryTest {

    private static final RemoteMta REMOTE =
            new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, HostName.parse("mx.test"), IpAddress.parse("192.0.2.1"), 25);

    private static Attempt attempt(int recipients, IntFunction<Outcome> outcome) {
        List<RecipientOutcome> outcomes = IntStream.range(0, recipients)
                .mapToObj(i -> new RecipientOutcome(Mailbox.parse("r" + i + "@a.test"), Stage.RCPT, outcome.apply(i)))
                .toList();
        return new Attempt(REMOTE, Instant.EPOCH, Duration.ZERO, TlsSummary.NONE, outcomes);
    }

    private static Outcome refusal(int number, int length) {
        return new Outcome.Refused(new Reply(450, List.of("4.2.0 " + number + " " + "x".repeat(length))));
    }

    private static int text(DeliveryHistory known) {
        return known.attempts().stream().mapToInt(HistorySize::of).sum();
    }

    @Test
    void history_ordinaryRepliesOfManyHostsAreKeptWhole() {
        Attempt attempt = attempt(100, i -> refusal(i, 60));
        DeliveryHistory known = DeliveryHistory.NOTHING;
        for (int host = 0; host < 20; host++) {
            known = known.plus(new DeliveryHistory.Contacted(attempt));
        }
        assertThat(known.attempts())
                .hasSize(20)
                .allSatisfy(kept -> assertThat(kept).isSameAs(attempt));
    }

    @Test
    void history_repliesHaveALimit() {
        DeliveryHistory known = DeliveryHistory.NOTHING;
        int replies = 0;
        for (int contact = 0; contact < 200; contact++) {
            known = known.plus(new DeliveryHistory.Contacted(attempt(100, i -> refusal(i, 4000))));
            replies += 100;
        }
        assertThat(text(known)).isLessThan(DeliveryHistory.MAX_TEXT + replies * 100);
        assertThat(known.attempts())
                .hasSize(200)
                .allSatisfy(kept -> assertThat(kept.outcomes())
                        .hasSize(100)
                        .allSatisfy(outcome -> assertThat(ErrorPolicy.status(outcome.stage(), outcome.outcome()))
                                .hasToString("4.2.0")));
    }

    @Test
    void TRY_09_aSupersededAttemptIsStillSupersededAfterItsTextsAreShortened() {
        Attempt conclusive = attempt(100, i -> refusal(i, 4000));
        Attempt superseded =
                new Attempt(REMOTE, Instant.EPOCH, Duration.ofSeconds(7), TlsSummary.NONE, conclusive.outcomes(), true);
        DeliveryHistory known = DeliveryHistory.NOTHING.plus(new DeliveryHistory.Contacted(superseded));
        assertThat(text(known)).isLessThan(HistorySize.of(superseded));
        assertThat(known.attempts()).singleElement().satisfies(kept -> {
            assertThat(kept.superseded()).isTrue();
            assertThat(kept.duration()).isEqualTo(superseded.duration());
        });
        assertThat(known.conclusiveAttempts()).isEmpty();
    }

    @Test
    void history_oneReplyToManyRecipientsCountsOnce() {
        Outcome same = refusal(0, 3000);
        Attempt attempt = attempt(1000, i -> same);
        assertThat(DeliveryHistory.NOTHING
                        .plus(new DeliveryHistory.Contacted(attempt))
                        .attempts()
                        .get(0))
                .isSameAs(attempt);
        DeliveryHistory full = DeliveryHistory.NOTHING;
        for (int i = 0; i < 200; i++) {
            full = full.plus(new DeliveryHistory.Contacted(attempt));
        }
        assertThat(text(full)).isLessThan(DeliveryHistory.MAX_TEXT + 200 * 100);
        Attempt last = full.attempts().get(199);
        assertThat(last.outcomes().get(0).outcome())
                .isSameAs(last.outcomes().get(999).outcome());
    }

    @Test
    void history_ourOwnDetailsCountToo() {
        DeliveryHistory known = DeliveryHistory.NOTHING;
        for (int contact = 0; contact < 200; contact++) {
            DeliveryHistory before = known;
            known = before.plus(new DeliveryHistory.Contacted(
                    attempt(100, i -> new Outcome.BadConnection("garbage " + "\0".repeat(290)))));
        }
        assertThat(text(known)).isLessThan(DeliveryHistory.MAX_TEXT + 200 * 100 * 70);
    }

    private static Lookup<IpAddress> addresses(String host, int count) {
        List<IpAddress> addresses = Collections.nCopies(count, IpAddress.parse("192.0.2.1"));
        return new Lookup<>(
                HostName.parse(host),
                RecordType.A,
                new DnsAnswer.Found<>(addresses, DnsName.ROOT, Duration.ZERO, Security.INSECURE));
    }

    private static DeliveryHistory plus(DeliveryHistory known, Lookup<?> lookup) {
        IpAddress address = IpAddress.parse("192.0.2.1");
        return known.plus(new DeliveryHistory.LookedUp(lookup, Map.of(address, address)));
    }

    @Test
    void history_recordsHaveALimit() {
        DeliveryHistory known = plus(DeliveryHistory.NOTHING, addresses("a.test", DeliveryHistory.MAX_RECORDS - 1));
        known = plus(known, addresses("b.test", 2));
        known = plus(known, addresses("c.test", 1));
        known = plus(known, addresses("d.test", 1));
        assertThat(known.lookups())
                .extracting(lookup -> lookup.answer().failure().isPresent())
                .containsExactly(false, true, false, true);
        assertThat(known.lookups().get(1).answer().describe()).contains("OVERLOAD", "more than 10000 records");
        assertThat(((DeliveryHistory.LookedUp) known.entries().get(1)).sources())
                .isEmpty();
    }

    @Test
    void history_aliasesCountAsRecords() {
        DnsName name = new DnsName("a.test");
        DnsAnswer.Alias loop = new DnsAnswer.Alias(name, name, Security.INSECURE);
        for (int aliases : new int[] {DeliveryHistory.MAX_RECORDS, DeliveryHistory.MAX_RECORDS + 1}) {
            Lookup<IpAddress> lookup = new Lookup<>(
                    HostName.parse("a.test"),
                    RecordType.A,
                    new DnsAnswer.NoData<IpAddress>(Duration.ZERO, Security.INSECURE)
                            .withAliases(Collections.nCopies(aliases, loop)));
            assertThat(plus(DeliveryHistory.NOTHING, lookup)
                            .lookups()
                            .get(0)
                            .answer()
                            .failure()
                            .isPresent())
                    .isEqualTo(aliases > DeliveryHistory.MAX_RECORDS);
        }
    }

    @Test
    void history_aLongRecordCountsAsSeveral() {
        Lookup<String> text = new Lookup<>(
                HostName.parse("a.test"),
                RecordType.TXT,
                new DnsAnswer.Found<>(
                        List.of("x".repeat(100 * DeliveryHistory.MAX_RECORDS)),
                        DnsName.ROOT,
                        Duration.ZERO,
                        Security.INSECURE));
        assertThat(plus(DeliveryHistory.NOTHING, text).lookups().get(0).answer().failure())
                .isPresent();
    }
}
