// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Attempt;
import org.postroad.api.Deadline;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.MailContext;
import org.postroad.api.Mailbox;
import org.postroad.api.MtaStsResult;
import org.postroad.api.MxRecord;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.Relay;
import org.postroad.api.Security;
import org.postroad.api.TlsDemand;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsResult;
import org.postroad.api.Verdict;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.LogTap;
import org.postroad.provider.internal.connect.ConnectSettings;
import org.postroad.provider.internal.connect.DiallerFactory;
import org.postroad.provider.internal.connect.LocalAddresses;
import org.postroad.provider.internal.connect.SourceAddresses;
import org.postroad.provider.internal.dns.CachedMailDns;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.route.AddressPolicy;
import org.postroad.provider.internal.route.NextHop;
import org.postroad.provider.internal.route.RoutingRequest;
import org.postroad.provider.internal.route.RoutingSettings;
import org.postroad.provider.internal.smtp.ContentChoice;
import org.postroad.provider.internal.smtp.Fence;
import org.postroad.provider.internal.smtp.MessageContent;
import org.postroad.provider.internal.smtp.RecordingLog;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.smtp.Watchdog;
import org.postroad.provider.internal.tls.JvmTrust;
import org.postroad.provider.internal.tls.PublishedTlsPolicies;
import org.postroad.provider.internal.tls.StartTls;
import org.postroad.provider.internal.tls.TlsHandshakes;
import org.postroad.provider.internal.tls.TlsSettings;
import org.postroad.spi.AddressOrder;
import org.postroad.spi.DeliveryListener;
import org.postroad.spi.RelaySelector;

/** Deliveries to one domain with scripted DNS and connections: the steps, who is told of them, and what stops them. */
@Timeout(300)
class ScriptedDeliveryTest {

    private static final Domain DOMAIN = Domain.parse("example.test");
    private static final IpAddress SOURCE = IpAddress.parse("198.51.100.1");
    private static final String[] ACCEPTED = {"250 s", "250 a", "354 go", "250 taken"};

    @RegisterExtension
    final LogTap tap = LogTap.of(DomainDelivery.class);

    private final VirtualClock clock = new VirtualClock();
    private final Deadline deadline = Deadline.after(Duration.ofMinutes(5), clock);
    private final Watchdog watchdog = new Watchdog();
    private final RecordingLog log = new RecordingLog();
    private final ScriptedConnections connector = new ScriptedConnections();
    private final ConnectionPool connections =
            new ConnectionPool(PoolLimits.DEFAULTS, clock, (delay, work) -> () -> {});
    private final Map<String, DnsAnswer<?>> zone = new HashMap<>();
    private final Set<String> cached = new HashSet<>();
    private final List<String> questions = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final List<Runnable> helped = new ArrayList<>();
    private Executor helpers = helped::add;
    private Asking asking = question -> {};
    private AddressOrder order = (candidates, random) -> candidates;
    private RelaySelector relays = question -> List.of();
    private DeliveryListener listener = event -> {};
    private TlsPreferences policy = TlsPreferences.own(StartTls.OPPORTUNISTIC);
    private AllOrNothing allOrNothing = AllOrNothing.notNeeded();
    private Fence fence = Fence.NONE;
    private Optional<BrokenClassPathException> broken = Optional.empty();

    /** What happens when a question is asked. */
    private interface Asking {
        void ask(String question) throws InterruptedException;
    }

    private final CachedMailDns dns = new CachedMailDns() {
        @Override
        public boolean has(HostName name, RecordType<?> type) {
            return cached.contains(type + " " + name);
        }

        @Override
        @SuppressWarnings("unchecked") // the zone has answers of the right type
        public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline limit) throws InterruptedException {
            questions.add(type + " " + name);
            asking.ask(type + " " + name);
            return (DnsAnswer<R>)
                    zone.getOrDefault(type + " " + name, new DnsAnswer.NoData<>(Duration.ZERO, Security.INSECURE));
        }
    };

    /** Permits every address, and dials those of IPv4. */
    private static final AddressPolicy ALL = new AddressPolicy() {
        @Override
        public Optional<String> refusal(IpAddress address) {
            return Optional.empty();
        }

        @Override
        public Optional<IpAddress> dialled(IpAddress address) {
            return Optional.of(address).filter(usable -> usable.family() == Family.IPV4);
        }

        @Override
        public boolean hasNat64() {
            return false;
        }

        @Override
        public Optional<String> nat64Failure() {
            return Optional.empty();
        }
    };

    @BeforeEach
    void zone() {
        zone.put("MX example.test", found(new MxRecord(10, new DnsName("mx.example.test"))));
        zone.put("A mx.example.test", found(IpAddress.parse("192.0.2.1")));
    }

    @AfterEach
    void stop() {
        connections.close();
        watchdog.close();
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // List.of keeps no generic array
    private static <R> DnsAnswer<R> found(R... records) {
        return new DnsAnswer.Found<>(List.of(records), new DnsName("x"), Duration.ZERO, Security.INSECURE);
    }

    private DomainReport deliver(String... recipients) {
        List<Mailbox> mailboxes = Arrays.stream(recipients)
                .map(name -> Mailbox.parse(name + "@example.test"))
                .toList();
        RoutingRequest request = new RoutingRequest(
                new RoutingRequest.Addressees(DOMAIN, Optional.empty(), mailboxes),
                NextHop.of(DOMAIN, 25),
                new RoutingRequest.LocalHost(EnumSet.allOf(Family.class), Set.of(), Set.of()),
                ALL,
                new RoutingSettings(
                        order, false, new RoutingSettings.LookupLimits(20, 10), new RoutingSettings.RelayUse(1, false)),
                1);
        DomainDelivery.Services services = new DomainDelivery.Services(
                dns,
                helpers,
                new SourceAddresses(new LocalAddresses(Optional.of(SOURCE), Optional.empty()), clock),
                relays,
                event -> {
                    events.add(event.getClass().getSimpleName());
                    listener.on(event);
                });
        ContactTools tools = new ContactTools(
                new DiallerFactory(ConnectSettings.DEFAULT, Runnable::run, clock).through(connector),
                TlsHandshakes.with(TlsSettings.defaults(), new JvmTrust()),
                SmtpSettings.defaults(HostName.parse("client.test")),
                watchdog,
                log,
                clock,
                policy,
                100,
                connections,
                new BrokenExtensions(clock),
                new HybridGroupFailures(clock),
                new RecentCredentials(clock));
        MailObject mail = new MailObject(
                Envelope.of(Optional.empty(), mailboxes),
                ContentChoice.only(MessageContent.EMPTY),
                MailContext.direct(Optional.empty(), Optional.empty(), Optional.empty()),
                fence,
                ConnectionWaits.NONE);
        DomainDelivery delivery =
                new DomainDelivery(request, services, tools, new SendScope(mail, allOrNothing, deadline));
        DomainReport report = delivery.run();
        broken = delivery.brokenClassPath();
        return report;
    }

    private static RecipientReport only(DomainReport report) {
        assertThat(report.recipients()).hasSize(1);
        return report.recipients().get(0);
    }

    @Test
    void delivery_eachStepIsReportedLoggedAndTold() {
        connector.add("", ACCEPTED);
        DomainReport report = deliver("a");
        assertThat(only(report).verdict()).isEqualTo(Verdict.DELIVERED);
        assertThat(questions).containsExactly("MX example.test", "A mx.example.test", "AAAA mx.example.test");
        assertThat(report.lookups()).hasSize(3);
        assertThat(report.attempts()).hasSize(1);
        assertThat(events)
                .containsExactly(
                        "LookedUp", "LookedUp", "LookedUp", "Connecting", "TlsConcluded", "Attempted", "Concluded");
        assertThat(log.lines()).contains("- dns example.test MX: [10 mx.example.test]");
    }

    @Test
    void delivery_allQuestionsButTheFirstAreAskedByHelpers() {
        connector.add("", ACCEPTED);
        deliver("a");
        assertThat(helped).hasSize(1);
        helped.forEach(Runnable::run); // too late: the question was asked meanwhile
        assertThat(questions).hasSize(3);
    }

    @Test
    void delivery_cachedAnswersAreReadWithoutHelpers() {
        cached.addAll(Set.of("A mx.example.test", "AAAA mx.example.test"));
        connector.add("", ACCEPTED);
        assertThat(only(deliver("a")).verdict()).isEqualTo(Verdict.DELIVERED);
        assertThat(helped).isEmpty();
    }

    @Test
    void delivery_ifOneAnswerIsNotCachedHelpersAsk() {
        cached.add("AAAA mx.example.test");
        connector.add("", ACCEPTED);
        deliver("a");
        assertThat(helped).hasSize(1);
    }

    @Test
    void mtasts_thePolicyIsPreparedWhileAddressesAreLookedUp() {
        List<String> prepared = new ArrayList<>();
        policy = new TlsPreferences(
                StartTls.OPPORTUNISTIC,
                true,
                false,
                new TlsPreferences.StsSource() {
                    @Override
                    public TlsPreferences.StsLookup lookUp(Domain domain, HostName host, Deadline until) {
                        return new TlsPreferences.StsLookup(
                                PublishedTlsPolicies.PublishedSts.ABSENT,
                                Optional.empty(),
                                Optional.of(new MtaStsResult(MtaStsResult.Kind.NONE, "no record")));
                    }

                    @Override
                    public void prepare(Domain domain, Deadline until) {
                        prepared.add(domain.toString());
                    }
                },
                TlsDemand.NONE);
        helpers = Runnable::run;
        connector.add("", ACCEPTED);
        DomainReport report = deliver("a");
        assertThat(prepared).containsExactly("example.test");
        assertThat(report.mtaSts()).contains(new MtaStsResult(MtaStsResult.Kind.NONE, "no record"));
        assertThat(log.lines()).anyMatch(line -> line.startsWith("- mta-sts example.test: "));
    }

    @Test
    void delivery_aPluginThatThrowsDefersAndIsLogged() {
        listener = event -> {
            if (event instanceof DeliveryEvent.Connecting) {
                throw new IllegalStateException("broken plug-in");
            }
        };
        RecipientReport report = only(deliver("a"));
        assertThat(report.verdict()).isEqualTo(Verdict.DEFERRED);
        assertThat(report.status()).hasToString("4.3.0");
        assertThat(report.decision().explanation()).contains("internal error (see the log): ", "broken plug-in");
        assertThat(tap.problems()).containsExactly("SEVERE The delivery to example.test failed");
        assertThat(broken).isEmpty();
        assertThat(events).endsWith("Concluded");
    }

    @Test
    void delivery_aBrokenClassPathIsNoResultToRetry() {
        listener = event -> {
            if (event instanceof DeliveryEvent.Connecting) {
                throw new NoClassDefFoundError("org/xbill/DNS/Message");
            }
        };
        RecipientReport report = only(deliver("a"));
        assertThat(report.status()).hasToString("5.3.5");
        assertThat(report.decision().explanation()).contains("add dnsjava:dnsjava");
        assertThat(broken).isPresent();
    }

    @Test
    void delivery_anInterruptDefersAndIsKept() {
        listener = event -> {
            if (event instanceof DeliveryEvent.Connecting) {
                Thread.currentThread().interrupt();
            }
        };
        RecipientReport report = only(deliver("a"));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.status()).hasToString("4.3.0");
        assertThat(report.decision().explanation()).contains("The delivery was cancelled");
    }

    @Test
    void delivery_theDeadlineEndsIt() {
        listener = event -> clock.advance(Duration.ofMinutes(5));
        RecipientReport report = only(deliver("a"));
        assertThat(report.status()).hasToString("4.4.3"); // DNS had not answered everything
        assertThat(connector.dialled()).isEmpty();
    }

    @Test
    void RETRY_04_aRefusedClaimEndsIt() {
        fence = new Fence(() -> Optional.of("taken over"));
        zone.put("A mx.example.test", found(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.2")));
        connector.add("", "250 s", "250 a", "354 go");
        RecipientReport report = only(deliver("a"));
        assertThat(report.status()).hasToString("4.3.0");
        assertThat(report.decision().explanation()).contains("taken over");
        assertThat(connector.dialled()).hasSize(1);
    }

    @Test
    void agreement_aDomainThatRefusedHoldsTheMessageBack() {
        allOrNothing = AllOrNothing.of(2);
        allOrNothing.refuse();
        RecipientReport report = only(deliver("a"));
        assertThat(report.status()).hasToString("4.0.0");
        assertThat(report.decision().explanation()).contains("Held back: not every recipient was accepted");
        assertThat(connector.dialled()).isEmpty();
    }

    @Test
    void agreement_theEndOfADeliveryRefusesForItsDomain() {
        allOrNothing = AllOrNothing.of(2);
        deliver("a");
        assertThat(allOrNothing.isRefused()).isTrue();
    }

    /** One recipient failed for good, so that no further host can help. */
    @Test
    void agreement_aLostRecipientRefusesImmediately() {
        allOrNothing = AllOrNothing.of(2);
        zone.put("A mx.example.test", found(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.2")));
        connector.add("", "250 s", "250 a", "550 no such user");
        connector.add("", ACCEPTED);
        deliver("a", "b");
        assertThat(connector.dialled()).hasSize(1);
        assertThat(allOrNothing.isRefused()).isTrue();
    }

    @Test
    void agreement_aSoftFailureDoesNotRefuse() {
        allOrNothing = AllOrNothing.of(1);
        zone.put("A mx.example.test", found(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.2")));
        connector.add("", "250 s", "450 later");
        connector.add("", ACCEPTED);
        assertThat(only(deliver("a")).verdict()).isEqualTo(Verdict.DELIVERED);
        assertThat(connector.dialled()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"null, it answered null", "exception, no relay today", "relay, "})
    void RELAY_01_theSelectorIsAskedIfNoMailExchangerIsReachable(String answer, String failure) {
        zone.put("A relay.test", found(IpAddress.parse("192.0.2.9")));
        relays = question -> {
            if (answer.equals("exception")) {
                throw new IllegalStateException("no relay today");
            }
            return answer.equals("relay") ? List.of(Relay.parse("smtp://relay.test;starttls=never")) : nothing();
        };
        zone.remove("A mx.example.test");
        zone.put("AAAA mx.example.test", found(IpAddress.parse("2001:db8::1")));
        if (failure == null) {
            connector.add("STARTTLS", ACCEPTED);
        }
        DomainReport report = deliver("a");
        assertThat(events).containsSubsequence("RelaysSelected", "Concluded");
        assertThat(log.lines()).anyMatch(line -> line.startsWith("- relays for example.test: "));
        if (failure == null) {
            assertThat(only(report).verdict()).isEqualTo(Verdict.DELIVERED);
            assertThat(ScriptedConnections.commands(connector.dialled().get(0))).doesNotContain("STARTTLS");
            assertThat(log.lines()).anyMatch(line -> line.contains("smtp://relay.test"));
        } else {
            assertThat(only(report).verdict()).isNotEqualTo(Verdict.DELIVERED);
            assertThat(log.lines()).anyMatch(line -> line.contains(failure));
        }
        assertThat(tap.problems())
                .isEqualTo(answer.equals("exception") ? List.of("WARNING The relay selector failed") : List.of());
    }

    @SuppressWarnings("NullAway") // violates the contract
    private static List<Relay> nothing() {
        return null;
    }

    /** The message requires TLS, and nothing proves that the host belongs to the domain. */
    @Test
    void TLS_13_aHostThatIsSkippedIsAnAttemptAtEachAddress() {
        policy = new TlsPreferences(
                StartTls.OPPORTUNISTIC, true, false, TlsPreferences.StsSource.NONE, TlsDemand.REQUIRED);
        zone.put("A mx.example.test", found(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.2")));
        DomainReport report = deliver("a");
        assertThat(only(report).status()).hasToString("5.7.30");
        assertThat(report.attempts())
                .extracting(attempt -> attempt.remote().address().toString())
                .containsExactly("192.0.2.1", "192.0.2.2");
        assertThat(report.attempts()).extracting(Attempt::duration).containsOnly(Duration.ZERO);
        assertThat(connector.dialled()).isEmpty();
        assertThat(log.lines()).anyMatch(line -> line.startsWith("- not contacted: mx.example.test: "));
        assertThat(events).doesNotContain("Connecting");
    }

    @Test
    void TRY_03_allAddressesAreDialledTogetherIfTheyAreProtectedAlike() {
        zone.put("A mx.example.test", found(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.2")));
        DomainReport report = deliver("a");
        assertThat(events).containsOnlyOnce("Connecting");
        assertThat(report.attempts()).hasSize(2);
    }

    @Test
    void delivery_anInterruptedQuestionCancelsIt() {
        asking = question -> {
            if (question.startsWith("A ")) {
                throw new InterruptedException("enough");
            }
        };
        RecipientReport report = only(deliver("a"));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.decision().explanation()).contains("The delivery was cancelled");
        helped.forEach(Runnable::run); // the other question is not asked any more
        assertThat(questions).containsExactly("MX example.test", "A mx.example.test");
    }

    @Test
    void delivery_aResolverThatThrowsIsAnError() {
        asking = question -> {
            if (question.startsWith("A ")) {
                throw new IllegalStateException("no resolver");
            }
        };
        RecipientReport report = only(deliver("a"));
        assertThat(report.decision().explanation()).contains("DNS broke its contract", "no resolver");
        assertThat(tap.problems()).containsExactly("SEVERE The delivery to example.test failed");
    }

    @Test
    void ORDER_05_theOrderKnowsTheSourceOfEachAddress() {
        List<Optional<IpAddress>> sources = new ArrayList<>();
        order = (candidates, random) -> {
            candidates.forEach(candidate -> sources.add(candidate.source()));
            return candidates;
        };
        connector.add("", ACCEPTED);
        deliver("a");
        assertThat(sources).isNotEmpty().containsOnly(Optional.of(SOURCE));
    }

    private static DnsAnswer<IpAddress> secure(String... addresses) {
        return new DnsAnswer.Found<>(
                Arrays.stream(addresses).map(IpAddress::parse).toList(),
                new DnsName("mx.example.test"),
                Duration.ZERO,
                Security.SECURE);
    }

    @Test
    void TLS_06_tlsaRecordsAreLookedUpOnceForAllAddresses() {
        policy = new TlsPreferences(StartTls.OPPORTUNISTIC, true, true, TlsPreferences.StsSource.NONE, TlsDemand.NONE);
        zone.put("A mx.example.test", secure("192.0.2.1", "192.0.2.2"));
        DomainReport report = deliver("a");
        assertThat(questions).containsOnlyOnce("TLSA _25._tcp.mx.example.test");
        assertThat(report.lookups()).hasSize(4);
        assertThat(report.attempts()).hasSize(2);
    }

    @Test
    void TLS_08_aHostThatIsSkippedIsReportedToItsDomain() {
        policy = new TlsPreferences(StartTls.OPPORTUNISTIC, true, true, TlsPreferences.StsSource.NONE, TlsDemand.NONE);
        zone.put("A mx.example.test", secure("192.0.2.1"));
        zone.put("TLSA _25._tcp.mx.example.test", new DnsAnswer.Failed<>(DnsAnswer.Cause.BOGUS, "expired"));
        List<Optional<TlsFailure>> failures = new ArrayList<>();
        listener = event -> {
            if (event instanceof DeliveryEvent.TlsConcluded concluded) {
                failures.add(concluded.result().failure());
            }
        };
        assertThat(only(deliver("a")).status()).hasToString("4.4.3");
        assertThat(failures).hasSize(1).doesNotContain(Optional.empty());
    }

    /** Each host is asked about, and the domain has one policy. */
    @Test
    void mtasts_theResultIsInTheReportOnce() {
        HostName record = HostName.parse("_mta-sts.example.test");
        Lookup<String> lookup = new Lookup<>(record, RecordType.TXT, found("v=STSv1; id=1;"));
        MtaStsResult testing = new MtaStsResult(MtaStsResult.Kind.TESTING, "mx.example.test");
        PublishedTlsPolicies.PublishedSts published = new PublishedTlsPolicies.PublishedSts.Testing(
                new TlsResult.Policy(TlsResult.Type.STS, HostName.parse("example.test")), true);
        List<Optional<MtaStsResult>> results =
                new ArrayList<>(List.of(Optional.of(testing), Optional.of(testing), Optional.empty()));
        policy = new TlsPreferences(
                StartTls.OPPORTUNISTIC,
                true,
                false,
                (domain, host, until) ->
                        new TlsPreferences.StsLookup(published, Optional.of(lookup), results.remove(0)),
                TlsDemand.NONE);
        zone.put(
                "MX example.test",
                found(
                        new MxRecord(10, new DnsName("mx.example.test")),
                        new MxRecord(20, new DnsName("mx2.example.test")),
                        new MxRecord(30, new DnsName("mx3.example.test"))));
        zone.put("A mx2.example.test", found(IpAddress.parse("192.0.2.2")));
        zone.put("A mx3.example.test", found(IpAddress.parse("192.0.2.3")));
        DomainReport report = deliver("a");
        assertThat(results).isEmpty();
        assertThat(report.mtaSts()).contains(testing);
        assertThat(report.lookups()).containsOnlyOnce(lookup);
        assertThat(log.lines())
                .filteredOn(line -> line.startsWith("- mta-sts "))
                .hasSize(1);
    }
}
