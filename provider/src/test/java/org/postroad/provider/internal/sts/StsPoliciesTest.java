// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.sts.ScriptedSource.policy;
import static org.postroad.provider.internal.sts.StsTesting.PATIENCE;
import static org.postroad.provider.internal.sts.StsTesting.ROOM_FOR_TWO;
import static org.postroad.provider.internal.sts.StsTesting.found;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Deadline;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsFailure.Type;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.LogTap;
import org.postroad.provider.internal.dns.DnsSettings;
import org.postroad.provider.internal.dns.DnsjavaMailDns;

/** When policies are fetched, and which one applies, on virtual time. */
@Timeout(300)
class StsPoliciesTest {

    private static final Duration TICK = Duration.ofNanos(1);
    private static final Duration MAX_AGE = Duration.ofSeconds(86_400);
    private static final Duration RENEWAL = MAX_AGE.multipliedBy(9).dividedBy(10);
    private static final String RECORD = "_mta-sts.example.test";

    private final VirtualClock clock = new VirtualClock();
    private final FakeDnsServer server = FakeDnsServer.start("");
    private final DnsjavaMailDns dns = new DnsjavaMailDns(DnsSettings.DEFAULTS
            .withServers(List.of(server.address(Family.IPV4)))
            .withRounds(1));
    private final ScriptedSource source = new ScriptedSource();
    private final StsPolicies policies = new StsPolicies(dns, clock, Optional.empty());

    private final LogTap log = LogTap.of(StsPolicies.class);

    @AfterEach
    void close() {
        log.close();
        dns.close();
        server.close();
    }

    private void announce(String id) {
        server.zone(RECORD + ". TXT \"v=STSv1; id=" + id + "\"");
    }

    private String find() throws InterruptedException {
        return found(policies, source, "example.test", Deadline.after(PATIENCE));
    }

    @Test
    void sts_anAnnouncedPolicyIsFetchedOnceAndTheRecordIsLookedUpEachTime() throws Exception {
        announce("1");
        assertThat(find()).isEqualTo("ENFORCE 1");
        assertThat(find()).isEqualTo("ENFORCE 1");
        assertThat(source.fetches()).isEqualTo(1);
        assertThat(server.questions(RECORD, RecordType.TXT)).isEqualTo(2);
    }

    @Test
    void sts_withoutARecordNothingIsFetched() throws Exception {
        assertThat(find()).isEqualTo("none");
        server.zone(RECORD + ". A 192.0.2.1");
        assertThat(find()).isEqualTo("none");
        server.zone(RECORD + ". TXT \"v=STSv1; id=-\"");
        assertThat(find()).isEqualTo("none");
        server.fault(RECORD, RecordType.TXT, DnsFault.SERVFAIL);
        assertThat(find()).isEqualTo("none");
        assertThat(source.fetches()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[192.0.2.1]", "[IPv6:2001:db8::1]"})
    void sts_anAddressLiteralHasNoPolicyAndDnsIsNotQueried(String domain) throws Exception {
        assertThat(found(policies, source, domain, Deadline.after(PATIENCE))).isEqualTo("none");
        assertThat(server.questions()).isZero();
    }

    @Test
    void sts_aDomainThatIsTooLongForTheRecordHasNoPolicy() throws Exception {
        String fits = ("a".repeat(60) + ".").repeat(3) + "b".repeat(61);
        assertThat("_mta-sts." + fits).hasSize(HostName.MAX_LENGTH);
        announceAt("_mta-sts." + fits);
        assertThat(found(policies, source, fits, Deadline.after(PATIENCE))).isEqualTo("ENFORCE 1");
        assertThat(found(policies, source, fits + "b", Deadline.after(PATIENCE)))
                .isEqualTo("none");
        assertThat(server.questions()).isEqualTo(1);
    }

    private void announceAt(String name) {
        server.zone(name + ". TXT \"v=STSv1; id=1\"");
    }

    @Test
    void sts_aChangedIdIsFetched() throws Exception {
        announce("1");
        find();
        announce("2");
        source.serves(policy("testing", MAX_AGE));
        assertThat(find()).isEqualTo("TESTING 2");
        assertThat(find()).isEqualTo("TESTING 2");
        assertThat(source.fetches()).isEqualTo(2);
    }

    @Test
    void sts_ifANewIdCannotBeFetchedTheOldPolicyAppliesUntilItExpires() throws Exception {
        announce("1");
        find();
        announce("2");
        source.fails("no");
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
        clock.advance(MAX_AGE);
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
        clock.advance(TICK);
        assertThat(find()).isEqualTo("unavailable: no");
    }

    @Test
    void sts_anInvalidPolicyIsAFailedFetch() throws Exception {
        announce("1");
        find();
        announce("2");
        source.serves("<html>");
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
        assertThat(found(policies, source, "other.test", Deadline.after(PATIENCE)))
                .isEqualTo("none");
        announceAt("_mta-sts.other.test");
        assertThat(found(policies, source, "other.test", Deadline.after(PATIENCE)))
                .isEqualTo(
                        "unavailable: The policy has the line \"<html>\", which is not a name with a colon and a value");
    }

    @Test
    void sts_anAnnouncedPolicyThatCannotBeFetchedIsReported() throws Exception {
        announce("1");
        source.fails("no\u0007");
        assertThat(find()).isEqualTo("unavailable: no\\u0007");
    }

    @Test
    void sts_afterAFailedFetchTheSameIdIsNotFetchedForALimitedTime() throws Exception {
        announce("1");
        source.fails("first");
        find();
        source.fails("second");
        clock.advance(CachedPolicy.RETRY_AFTER.minus(TICK));
        assertThat(find()).isEqualTo("unavailable: first");
        assertThat(source.fetches()).isEqualTo(1);
        clock.advance(TICK);
        assertThat(find()).isEqualTo("unavailable: second");
        assertThat(source.fetches()).isEqualTo(2);
    }

    @Test
    void sts_afterAFailedFetchAnotherIdIsFetchedImmediately() throws Exception {
        announce("1");
        source.fails("no");
        find();
        announce("2");
        source.serves(policy("enforce", MAX_AGE));
        assertThat(find()).isEqualTo("ENFORCE 2");
    }

    @Test
    void sts_theOldIdIsCurrentAgainAfterAFailedFetchOfANewOne() throws Exception {
        announce("1");
        find();
        announce("2");
        source.fails("no");
        find();
        announce("1");
        assertThat(find()).isEqualTo("ENFORCE 1");
        assertThat(source.fetches()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"NXDOMAIN", "NO_DATA", "SERVFAIL"})
    void sts_withoutTheRecordThePolicyAppliesUntilItExpires(DnsFault fault) throws Exception {
        announce("1");
        find();
        server.fault(RECORD, RecordType.TXT, fault);
        clock.advance(MAX_AGE);
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
        clock.advance(TICK);
        assertThat(find()).isEqualTo("none");
        assertThat(source.fetches()).isEqualTo(1);
    }

    @Test
    void sts_twoRecordsDoNotEndTheCachedPolicy() throws Exception {
        announce("1");
        find();
        server.zone(RECORD + ". TXT \"v=STSv1; id=1\"\n" + RECORD + ". TXT \"v=STSv1; id=2\"");
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
    }

    @Test
    void sts_aPolicyThatSoonExpiresIsFetchedAgain() throws Exception {
        announce("1");
        find();
        clock.advance(RENEWAL);
        find();
        assertThat(source.fetches()).as("a tenth is left").isEqualTo(1);
        clock.advance(TICK);
        assertThat(find()).isEqualTo("ENFORCE 1");
        assertThat(source.fetches()).as("less than a tenth is left").isEqualTo(2);
        clock.advance(RENEWAL);
        find();
        assertThat(source.fetches()).as("its time has begun anew").isEqualTo(2);
    }

    @Test
    void sts_aLongPolicyIsFetchedAgainADayBeforeItExpires() throws Exception {
        announce("1");
        source.serves(policy("enforce", Duration.ofDays(100)));
        find();
        clock.advance(Duration.ofDays(99));
        find();
        assertThat(source.fetches()).isEqualTo(1);
        clock.advance(TICK);
        find();
        assertThat(source.fetches()).isEqualTo(2);
    }

    @Test
    void sts_ifAPolicyCannotBeRenewedTheOldOneAppliesAndTheFetchIsRetried() throws Exception {
        announce("1");
        find();
        clock.advance(RENEWAL.plus(TICK));
        source.fails("no");
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
        assertThat(source.fetches()).isEqualTo(2);
        clock.advance(CachedPolicy.RETRY_AFTER);
        source.serves(policy("testing", MAX_AGE));
        assertThat(find()).isEqualTo("TESTING 1");
        assertThat(source.fetches()).isEqualTo(3);
    }

    @Test
    void sts_aPolicyThatCouldNotBeRenewedIsLoggedOncePerFetch() throws Exception {
        announce("1");
        source.fails("first");
        find();
        assertThat(log.messages()).as("no cached policy applies").isEmpty();
        announce("2");
        source.serves(policy("testing", MAX_AGE));
        find();
        announce("3");
        source.fails("second");
        find();
        find();
        assertThat(log.messages())
                .containsExactly("WARNING The MTA-STS policy of example.test could not be renewed; "
                        + "the cached one with the id 2 still applies: second");
    }

    /** RFC 8460 §4.3: the domain's report distinguishes these failures. */
    @Test
    void tlsrpt_eachReasonForNoPolicyHasAResultType() throws Exception {
        announce("1");
        source.fails("nobody there");
        assertThat(failure()).isEqualTo(new TlsFailure(Type.STS_POLICY_FETCH_ERROR, "nobody there"));
        announce("2");
        source.answers(() -> {
            throw new SocketException();
        });
        assertThat(failure()).isEqualTo(new TlsFailure(Type.STS_POLICY_FETCH_ERROR, "socket"));
        announce("3");
        source.answers(() -> {
            throw new IOException("TLS handshake", new IOException("inner", new CertificateException("expired")));
        });
        assertThat(failure()).isEqualTo(new TlsFailure(Type.STS_WEBPKI_INVALID, "TLS handshake"));
        announce("4");
        source.serves("version: STSv2\n");
        assertThat(failure().type()).isEqualTo(Type.STS_POLICY_INVALID);
    }

    private TlsFailure failure() throws InterruptedException {
        StsResult finding = policies.find(Domain.parse("example.test"), source, Deadline.after(PATIENCE), lookup -> {});
        assertThat(finding).isInstanceOf(StsResult.Unavailable.class);
        return ((StsResult.Unavailable) finding).failure();
    }

    @Test
    void sts_onlyTheRecordOfADomainThatCanHaveOneIsPrefetched() throws Exception {
        for (String without : List.of("[192.0.2.1]", ("a".repeat(60) + ".").repeat(4) + "test")) {
            policies.prepare(Domain.parse(without), Deadline.after(PATIENCE));
        }
        assertThat(server.questions()).isZero();
        policies.prepare(Domain.parse("example.test"), Deadline.after(PATIENCE));
        assertThat(server.questions(RECORD, RecordType.TXT)).isEqualTo(1);
    }

    @Test
    void sts_anExpiredPolicyIsFetchedAgain() throws Exception {
        announce("1");
        find();
        clock.advance(MAX_AGE.plus(TICK));
        source.serves(policy("testing", MAX_AGE));
        assertThat(find()).isEqualTo("TESTING 1");
    }

    @Test
    void sts_aPolicyWithMaxAgeZeroAppliesOnce() throws Exception {
        announce("1");
        source.serves(policy("enforce", Duration.ZERO));
        assertThat(find()).isEqualTo("ENFORCE 1");
        clock.advance(TICK);
        source.fails("no");
        assertThat(find()).isEqualTo("unavailable: no");
    }

    @Test
    void sts_modeNoneIsNoPolicyButIsCached() throws Exception {
        announce("1");
        find();
        announce("2");
        source.serves(policy("none", MAX_AGE));
        assertThat(find()).isEqualTo("none");
        assertThat(find()).isEqualTo("none");
        assertThat(source.fetches()).isEqualTo(2);
        announce("3");
        source.fails("no");
        assertThat(find()).as("it holds like every other").isEqualTo("none");
        assertThat(log.messages()).as("what it asks for is nothing").isEmpty();
    }

    @Test
    void sts_theLeastRecentlyUsedDomainIsDropped() throws Exception {
        StsPolicies few = new StsPolicies(dns, clock, Optional.empty(), ROOM_FOR_TWO);
        server.zone("_mta-sts.a.test. TXT \"v=STSv1; id=1\"\n_mta-sts.b.test. TXT \"v=STSv1; id=1\"\n"
                + "_mta-sts.c.test. TXT \"v=STSv1; id=1\"");
        for (String domain : List.of("a.test", "b.test", "a.test", "c.test")) {
            assertThat(found(few, source, domain, Deadline.after(PATIENCE))).isEqualTo("ENFORCE 1");
        }
        assertThat(source.fetches()).isEqualTo(3);
        found(few, source, "a.test", Deadline.after(PATIENCE));
        found(few, source, "c.test", Deadline.after(PATIENCE));
        assertThat(source.fetches()).as("a and c are kept").isEqualTo(3);
        found(few, source, "b.test", Deadline.after(PATIENCE));
        assertThat(source.fetches()).as("b is not").isEqualTo(4);
    }

    @Test
    void sts_domainsAreSeparate() throws Exception {
        server.zone(RECORD + ". TXT \"v=STSv1; id=1\"\n_mta-sts.sub.example.test. TXT \"v=STSv1; id=1\"");
        find();
        source.serves(policy("testing", MAX_AGE));
        assertThat(found(policies, source, "SUB.example.test", Deadline.after(PATIENCE)))
                .isEqualTo("TESTING 1");
        assertThat(found(policies, source, "Example.Test", Deadline.after(PATIENCE)))
                .isEqualTo("ENFORCE 1");
        assertThat(found(policies, source, "other.example.test", Deadline.after(PATIENCE)))
                .isEqualTo("none");
    }

    /** RFC 8461 §10.2: an attacker who suppresses a policy needs it evicted, and may announce policies for many other domains. */
    @Test
    void sts_twoThousandDomainsWithALargePolicyDoNotDisplaceOthers() throws Exception {
        int domains = 2_000;
        StringBuilder zone = new StringBuilder(RECORD + ". TXT \"v=STSv1; id=1\"\n");
        for (int i = 0; i < domains; i++) {
            zone.append("_mta-sts.evil").append(i).append(".test. TXT \"v=STSv1; id=1\"\n");
        }
        server.zone(zone.toString());
        assertThat(find()).isEqualTo("ENFORCE 1");
        StringBuilder patterns = new StringBuilder("version: STSv1\nmode: enforce\nmax_age: 31557600\n");
        for (int i = 0; i < StsPolicy.MAX_MX; i++) {
            patterns.append("mx: ").append("x".repeat(60)).append('.').append(i).append(".test\n");
        }
        source.serves(patterns.toString());
        for (int i = 0; i < domains; i++) {
            assertThat(found(policies, source, "evil" + i + ".test", Deadline.after(PATIENCE)))
                    .isEqualTo("ENFORCE 1");
        }
        server.zone("");
        source.fails("suppressed");
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
    }

    /** A third of the remaining time; after that no policy applies, and the mail is sent in time. */
    @Test
    void TLS_11_aSilentPolicyHostTakesAThirdOfTheTime() throws Exception {
        announce("1");
        List<Duration> given = new ArrayList<>();
        PolicySource silent = (domain, deadline) -> {
            given.add(deadline.remaining());
            clock.advance(deadline.remaining());
            throw new IOException("silence");
        };
        Deadline send = Deadline.after(Duration.ofSeconds(24), clock);
        assertThat(found(policies, silent, "example.test", send)).isEqualTo("unavailable: silence");
        assertThat(given).containsExactly(Duration.ofSeconds(8));
        assertThat(send.remaining()).isEqualTo(Duration.ofSeconds(16));
    }

    /** RFC 8461 §3.3: a caller with more time tries again, so that one with too little time does not disable the policy for others. */
    @Test
    void TLS_11_aCallerWithFarMoreTimeTriesAgain() throws Exception {
        announce("1");
        AtomicInteger fetches = new AtomicInteger();
        PolicySource slow = (domain, deadline) -> {
            fetches.incrementAndGet();
            if (deadline.remaining().compareTo(Duration.ofSeconds(10)) < 0) {
                clock.advance(deadline.remaining());
                throw new IOException("too slow");
            }
            return policy("enforce", MAX_AGE).getBytes(StandardCharsets.US_ASCII);
        };
        assertThat(foundWithin(slow, 15)).startsWith("unavailable");
        assertThat(foundWithin(slow, 15)).startsWith("unavailable");
        assertThat(foundWithin(slow, 30)).as("twice the time").startsWith("unavailable");
        assertThat(fetches).hasValue(1);
        assertThat(foundWithin(slow, 31)).isEqualTo("ENFORCE 1");
        assertThat(fetches).hasValue(2);
    }

    private String foundWithin(PolicySource from, int seconds) throws InterruptedException {
        return found(policies, from, "example.test", Deadline.after(Duration.ofSeconds(seconds), clock));
    }
}
