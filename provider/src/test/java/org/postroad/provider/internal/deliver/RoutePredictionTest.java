// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Attempt;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DomainReport;
import org.postroad.api.DomainRoute;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Outcome;
import org.postroad.api.PlannedContact;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta;
import org.postroad.api.RemoteMta.Role;
import org.postroad.api.RouteAddress;
import org.postroad.api.RouteHost;
import org.postroad.api.Stage;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.connect.ConnectSettings;
import org.postroad.provider.internal.connect.DiallerFactory;
import org.postroad.provider.internal.connect.LocalAddresses;
import org.postroad.provider.internal.connect.SourceAddresses;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.provider.internal.route.ErrorPolicy.Disposition;
import org.postroad.provider.internal.smtp.ContentChoice;
import org.postroad.provider.internal.smtp.DialogueLog;
import org.postroad.provider.internal.smtp.MessageContent;
import org.postroad.provider.internal.smtp.ScriptedSocket;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.smtp.Watchdog;
import org.postroad.provider.internal.tls.JvmTrust;
import org.postroad.provider.internal.tls.TlsHandshakes;
import org.postroad.provider.internal.tls.TlsSettings;
import org.postroad.spi.Connector;
import org.postroad.spi.DeliveryListener;

/**
 * What {@link DryRun} predicts is what {@link DomainDelivery} then does, in thousands of random worlds: zones, networks and servers. DNS and
 * connections are in memory, and time is virtual.
 */
@Timeout(600)
class RoutePredictionTest {

    private static final int WORLDS = Integer.getInteger("postroad.random.worlds", 10_000);
    private static final IpAddress SOURCE = IpAddress.parse("198.51.100.1");
    private static final TlsHandshakes HANDSHAKES = TlsHandshakes.with(TlsSettings.defaults(), new JvmTrust());

    private final Watchdog watchdog = new Watchdog();

    @AfterEach
    void stop() {
        watchdog.close();
    }

    /** A world with what a host remembers in it, and what it dials. */
    private final class Host implements Connector {

        final RandomWorld world;
        final DiallerFactory diallers;
        final List<RemoteMta> dialled = new ArrayList<>();
        UnaryOperator<String> scripts = script -> script;

        Host(RandomWorld world) {
            this.world = world;
            this.diallers = new DiallerFactory(ConnectSettings.DEFAULT, Runnable::run, world.clock);
        }

        DomainRoute predict() throws InterruptedException {
            try (ConnectionPool pool = pool()) {
                return new DryRun(
                                world.request(),
                                services(event -> {
                                    throw new AssertionError("A dry run has no events: " + event);
                                }),
                                tools(pool),
                                scope())
                        .run();
            }
        }

        /** Delivers to servers whose scripts are changed like this. */
        DomainReport deliver(UnaryOperator<String> changed) {
            scripts = changed;
            dialled.clear();
            try (ConnectionPool pool = pool()) {
                return new DomainDelivery(world.request(), services(event -> {}), tools(pool), scope()).run();
            }
        }

        private ConnectionPool pool() {
            return new ConnectionPool(PoolLimits.DEFAULTS, world.clock, (delay, work) -> () -> {});
        }

        private SendScope scope() {
            MailObject mail = new MailObject(
                    Envelope.of(Optional.empty(), world.recipients), ContentChoice.only(MessageContent.EMPTY));
            return new SendScope(mail, AllOrNothing.notNeeded(), Deadline.after(Duration.ofMinutes(3), world.clock));
        }

        private DomainDelivery.Services services(DeliveryListener listener) {
            return new DomainDelivery.Services(
                    world.dns(),
                    Runnable::run,
                    new SourceAddresses(new LocalAddresses(Optional.of(SOURCE), Optional.empty()), world.clock),
                    world.selector(),
                    listener);
        }

        private ContactTools tools(ConnectionPool pool) {
            return new ContactTools(
                    diallers.through(this),
                    HANDSHAKES,
                    SmtpSettings.defaults(HostName.parse("client.test")),
                    watchdog,
                    DialogueLog.NONE,
                    world.clock,
                    world.tls,
                    100,
                    pool,
                    new BrokenExtensions(world.clock),
                    new HybridGroupFailures(world.clock),
                    new RecentCredentials(world.clock));
        }

        @Override
        public Socket connect(Dial dial) throws ConnectException, SocketTimeoutException {
            dialled.add(dial.remote());
            String script = scripts.apply(world.servers.get(dial.remote().address()));
            switch (script) {
                case "silent" -> throw new SocketTimeoutException("connect timed out");
                case "refused" -> throw new ConnectException("connection refused");
                default -> {
                    return socket(script, world.recipients.size());
                }
            }
        }
    }

    private static ScriptedSocket socket(String script, int recipients) {
        String greeting = switch (script) {
            case "421", "554" -> script + " no";
            case "drops" -> ScriptedSocket.CLOSE;
            default -> "220 mx.test";
        };
        ScriptedSocket socket = new ScriptedSocket(ScriptedSocket.NOTHING);
        socket.arrives(greeting);
        if (script.equals("no-hello")) {
            socket.answers("550 no", "550 no");
        } else if (script.equals("starttls-454")) {
            socket.answers("250-mx.test\n250 STARTTLS", "454 not now");
        } else {
            socket.answers("250 mx.test");
        }
        socket.answers(script.equals("mail-451") ? "451 later" : "250 sender");
        boolean some = script.startsWith("some-") && recipients > 1;
        for (int i = 0; i < recipients; i++) {
            boolean refused = script.startsWith("rcpt-") || (some && i > 0);
            socket.answers(refused ? script.substring(5) + " recipient" : "250 recipient");
        }
        if (!script.startsWith("rcpt-")) {
            socket.answers("354 go", script.equals("doubt") ? ScriptedSocket.CLOSE : "250 taken");
        }
        return socket;
    }

    private static void inEveryWorld(Consumer<RandomWorld> check) {
        for (int seed = 0; seed < WORLDS; seed++) {
            RandomWorld world = new RandomWorld(seed);
            try {
                check.accept(world);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(e.getMessage() + "\nin " + world, e);
            }
        }
    }

    private DomainRoute predict(Host host) {
        try {
            DomainRoute route = host.predict();
            assertThat(host.dialled).as("a dry run dials nothing").isEmpty();
            return route;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Host host(RandomWorld world) {
        Host host = new Host(world);
        if (world.relays.isEmpty()
                && world.recipients.size() == 1) { // an earlier message has taught which addresses are silent
            host.deliver(script -> script);
            host.dialled.clear();
        }
        return host;
    }

    @Test
    void ORDER_ifNoAddressAnswersContactsAndResultAreThosePredicted() {
        inEveryWorld(world -> {
            Host host = host(world);
            DomainRoute route = predict(host);
            DomainReport report = host.deliver(script -> "silent");
            assertThat(contacts(report)).isEqualTo(remotes(route.contacts()));
            assertThat(report.attempts()).hasSameSizeAs(route.contacts());
            for (int i = 0; i < route.contacts().size(); i++) {
                assertThat(unsuitable(report.attempts().get(i)))
                        .isEqualTo(route.contacts().get(i).unsuitable());
            }
            assertThat(results(report.recipients())).isEqualTo(results(route.recipients()));
        });
    }

    private static List<RemoteMta> contacts(DomainReport report) {
        List<RemoteMta> contacts = new ArrayList<>();
        for (Attempt attempt : report.attempts()) {
            if (!attempt.superseded()) { // otherwise the same address follows
                contacts.add(attempt.remote());
            }
        }
        return contacts;
    }

    private static List<RemoteMta> remotes(List<PlannedContact> contacts) {
        return contacts.stream().map(PlannedContact::remote).toList();
    }

    private static Optional<Outcome> unsuitable(Attempt attempt) {
        return Optional.of(attempt.outcomes().get(0).outcome()).filter(Outcome.HostUnsuitable.class::isInstance);
    }

    private static List<String> results(List<RecipientReport> recipients) {
        return recipients.stream()
                .map(report -> report.recipient() + " " + report.verdict() + " " + report.status() + " "
                        + report.decision().rule() + " "
                        + report.decidedBy().map(by -> by.remote().toString()).orElse(""))
                .toList();
    }

    /** The servers do not offer TLS. */
    @Test
    void TRY_01_theFirstPredictedContactIsUsedIfItAcceptsAndNeedsNoTls() {
        inEveryWorld(world -> {
            Host host = host(world);
            DomainRoute route = predict(host);
            DomainReport report = host.deliver(script -> "accepts");
            Optional<PlannedContact> first = route.contacts().stream()
                    .filter(contact -> contact.unsuitable().isEmpty())
                    .findFirst();
            assertThat(route.isDecided()).isEqualTo(first.isEmpty());
            if (first.isEmpty()) {
                assertThat(host.dialled).isEmpty();
                assertThat(results(report.recipients())).isEqualTo(results(route.recipients()));
            } else {
                assertThat(host.dialled.get(0)).isEqualTo(first.get().remote());
                if (!first.get().isTlsRequired()) {
                    assertThat(host.dialled).hasSize(1);
                    assertThat(report.recipients()).allMatch(recipient -> recipient.verdict() == Verdict.DELIVERED);
                }
            }
            checkTls(route, report);
        });
    }

    /** Checks that nothing is sent without TLS where it is predicted to be required, and only there. */
    private static void checkTls(DomainRoute route, DomainReport report) {
        Map<RemoteMta, PlannedContact> planned = new HashMap<>();
        route.contacts().forEach(contact -> planned.put(contact.remote(), contact));
        for (Attempt attempt : report.attempts()) {
            PlannedContact contact = planned.get(attempt.remote());
            if (contact != null) { // otherwise the address comes up again because TLS failed there for another name
                assertThat(attempt.outcomes().get(0).stage() == Stage.STARTTLS)
                        .as(contact + " and " + attempt)
                        .isEqualTo(contact.isTlsRequired());
            }
        }
    }

    /** No server is silent: a silent one can change the order of the addresses of later hosts (RFC 8305 §5). */
    @Test
    void ORDER_whateverTheServersDoTheContactsAreThosePredictedInThisOrder() {
        inEveryWorld(world -> {
            Host host = host(world);
            DomainRoute route = predict(host);
            DomainReport report = host.deliver(script -> script.equals("silent") ? "refused" : script);
            List<RemoteMta> direct = direct(remotes(route.contacts()));
            Set<String> gone = new HashSet<>(); // hosts that refused the session
            Set<IpAddress> tlsFailed = new HashSet<>(); // for the name of one host, and another has the same address
            int next = 0;
            for (Attempt attempt : report.attempts()) {
                if (attempt.superseded() || attempt.remote().role() == Role.RELAY) {
                    continue;
                }
                if (direct.contains(attempt.remote())) {
                    while (!direct.get(next).equals(attempt.remote())) {
                        assertThat(gone).contains(direct.get(next).host().toString());
                        next++;
                    }
                    next++;
                } else { // an address of two hosts, which was not contacted as that of the first, or not with success
                    IpAddress address = attempt.remote().address();
                    assertThat(isListedTwice(route, attempt.remote())).isTrue();
                    assertThat(tlsFailed.contains(address) || gone.contains(planned(direct, address)))
                            .isTrue();
                }
                if (unsuitable(attempt).isPresent()) {
                    tlsFailed.add(attempt.remote().address());
                }
                if (isRefusal(attempt)) {
                    gone.add(attempt.remote().host().toString());
                }
            }
            boolean settled = report.recipients().stream()
                    .allMatch(recipient -> recipient.decision().rule().startsWith("TRY-"));
            if (!settled) {
                direct.subList(next, direct.size())
                        .forEach(skipped ->
                                assertThat(gone).contains(skipped.host().toString()));
            }
            assertThat(relays(remotes(route.contacts()))).containsAll(relays(contacts(report)));
        });
    }

    /** Returns the host as whose address this one is planned. */
    private static String planned(List<RemoteMta> contacts, IpAddress address) {
        return contacts.stream()
                .filter(remote -> remote.address().equals(address))
                .map(remote -> remote.host().toString())
                .findFirst()
                .orElseThrow();
    }

    private static boolean isListedTwice(DomainRoute route, RemoteMta remote) {
        return route.hosts().stream()
                .filter(host -> host.name().equals(remote.host().toString()))
                .flatMap(host -> host.addresses().stream())
                .anyMatch(address -> address.dialled().equals(remote.address())
                        && address.passedOver()
                                .filter(reason -> reason.rule().equals("TRY-03"))
                                .isPresent());
    }

    private static List<RemoteMta> direct(List<RemoteMta> remotes) {
        return remotes.stream().filter(remote -> remote.role() != Role.RELAY).toList();
    }

    private static Set<RemoteMta> relays(List<RemoteMta> remotes) {
        return remotes.stream().filter(remote -> remote.role() == Role.RELAY).collect(Collectors.toSet());
    }

    /** TRY-04, unless it concerns TLS at the address. */
    private static boolean isRefusal(Attempt attempt) {
        for (RecipientOutcome outcome : attempt.outcomes()) {
            if (outcome.stage() != Stage.STARTTLS
                    && ErrorPolicy.meaning(outcome.stage(), outcome.outcome()) == Disposition.HOST_REFUSED) {
                return true;
            }
        }
        return false;
    }

    @Test
    void ADDR_everyAddressIsAContactOrPassedOverForAReasonThatHolds() {
        inEveryWorld(world -> {
            DomainRoute route = predict(host(world));
            Set<String> contacted = new LinkedHashSet<>();
            route.contacts()
                    .forEach(contact -> contacted.add(key(
                            contact.remote().role(),
                            contact.remote().host().toString(),
                            contact.remote().address())));
            Set<String> kept = new LinkedHashSet<>();
            for (RouteHost host : route.hosts()) {
                for (RouteAddress address : host.addresses()) {
                    if (address.passedOver().isEmpty()) {
                        kept.add(key(host.role(), host.name(), address.dialled()));
                    } else {
                        checkReason(world, host, address, contacted);
                    }
                }
                checkIsComplete(world, host);
                boolean hasContact = host.addresses().stream()
                        .anyMatch(address -> address.passedOver().isEmpty());
                assertThat(host.passedOver().isEmpty()).as(host.toString()).isEqualTo(hasContact);
            }
            assertThat(kept).isEqualTo(contacted);
        });
    }

    private static String key(Role role, String host, IpAddress address) {
        return role + " " + host + " " + address;
    }

    private static void checkReason(RandomWorld world, RouteHost host, RouteAddress address, Set<String> contacted) {
        String rule = address.passedOver().orElseThrow().rule();
        boolean ours = world.families.contains(address.address().family());
        boolean configured = host.role() == Role.RELAY || (host.role() == Role.ROUTE && !world.nextHop.lookUpMx());
        boolean holds = switch (rule) {
            case "ADDR-02" -> !ours && !world.nat64;
            case "ADDR-04" -> !ours && world.nat64Failure.isPresent();
            case "ADDR-05" -> !configured && world.refused.contains(address.address());
            case "ORDER-07" -> host.addresses().size() > world.maxAddresses();
            case "ORDER-08" -> !configured && !(world.ownAddresses.isEmpty() && world.ownNames.isEmpty());
            case "TRY-03" -> contacted.stream().anyMatch(key -> key.endsWith(" " + address.dialled()));
            case "END-01" -> !world.slow.isEmpty();
            default -> false;
        };
        assertThat(holds).as(host + " " + address).isTrue();
    }

    /** LOOKUP-04: both families are listed, also what the delivery did not need to know. */
    private static void checkIsComplete(RandomWorld world, RouteHost host) {
        Optional<String> rule = host.passedOver().map(RecipientReport.Decision::rule);
        boolean isLookedUp =
                rule.isEmpty() || Set.of("ADDR-02", "ADDR-04", "ORDER-04").contains(rule.get());
        if (isLookedUp && world.slow.isEmpty() && host.name().endsWith(".test")) {
            Set<IpAddress> listed =
                    host.addresses().stream().map(RouteAddress::address).collect(Collectors.toSet());
            assertThat(listed).isEqualTo(published(world, host.name()));
        }
    }

    private static Set<IpAddress> published(RandomWorld world, String host) {
        Set<IpAddress> published = new HashSet<>();
        for (RecordType<IpAddress> type : List.of(RecordType.A, RecordType.AAAA)) {
            DnsAnswer<?> answer = world.zone.get(type + " " + host);
            if (answer != null) {
                answer.recordsOrNone().forEach(record -> published.add((IpAddress) record));
            }
        }
        return published;
    }
}
