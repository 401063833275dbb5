// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Attempt;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.Domain;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.Mailbox;
import org.postroad.api.MxRecord;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.Relay;
import org.postroad.api.RemoteMta;
import org.postroad.api.RemoteMta.Role;
import org.postroad.api.Reply;
import org.postroad.api.Security;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.spi.AddressOrder;
import org.postroad.spi.RelaySelector;

/**
 * Runs {@link MxRouting} against a zone and a script of outcomes, both given as text, without I/O. Addresses are abbreviated: {@code 4.7}
 * is 192.0.2.7, {@code 6.7} is 2001:db8::7. The domain is {@code d}. The result is a trace: the addresses contacted, and the outcome.
 */
final class Simulation {

    static final Mailbox U = Mailbox.parse("u@d");
    private static final int MAX_STEPS = 2000;
    private static final DnsAnswer.Failed<?> FAILED =
            new DnsAnswer.Failed<>(DnsAnswer.Cause.SERVER_FAILURE, "SERVFAIL");

    private final Map<String, DnsAnswer<?>> zone = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, String> outcomes = new HashMap<>();

    // The request; tests set what they need.
    Set<Family> families = EnumSet.allOf(Family.class);
    List<Mailbox> recipients = List.of(U);
    String domain = "d";

    @Nullable
    NextHop nextHop;

    Set<HostName> localNames = Set.of();
    Set<IpAddress> ownAddresses = Set.of();
    Set<IpAddress> refused = Set.of();
    boolean nat64;
    Optional<String> nat64Failure = Optional.empty();
    boolean a6;
    int maxMx = 20;
    int maxAddresses = 10;
    int relayAttempts = 1;
    boolean fallback;
    long seed = 1;
    AddressOrder order = (candidates, random) -> candidates;
    List<Relay> relays = List.of();
    Optional<String> selectorFailure = Optional.empty();
    BiFunction<RemoteMta, Mailbox, @Nullable String> perRecipient = (remote, mailbox) -> null;

    // The history.
    final List<String> asked = new ArrayList<>();
    final List<RelaySelector.Question> relayQuestions = new ArrayList<>();
    final List<RemoteMta> contacted = new ArrayList<>();
    final List<List<Mailbox>> offered = new ArrayList<>();
    DeliveryHistory known = DeliveryHistory.NOTHING;

    /** Parses a zone such as {@code MX 10 a; A a 4.1; AAAA a FAIL; MX NXDOMAIN}; without MX the domain has none. */
    Simulation(String zoneText) {
        names.add("d");
        for (String line : zoneText.split(";")) {
            String[] words = line.strip().split("\\s+");
            if (words[0].equals("MX") && words.length == 2) {
                zone.put(
                        "d MX",
                        words[1].equals("FAIL") ? FAILED : new DnsAnswer.NoSuchName<>(Duration.ZERO, Security.UNKNOWN));
            } else if (words[0].equals("MX")) {
                add("d", RecordType.MX, new MxRecord(Integer.parseInt(words[1]), new DnsName(words[2])));
            } else if (words.length == 3) {
                names.add(words[1]);
                RecordType<IpAddress> type =
                        words[0].equals("A") ? RecordType.A : words[0].equals("AAAA") ? RecordType.AAAA : RecordType.A6;
                if (words[2].equals("FAIL")) {
                    zone.put(words[1] + " " + type, FAILED);
                } else {
                    add(words[1], type, ip(words[2]));
                }
            }
        }
    }

    private <R> void add(String name, RecordType<R> type, R record) {
        List<R> records = new ArrayList<>();
        DnsAnswer<?> before = zone.get(name + " " + type);
        if (before instanceof DnsAnswer.Found<?> found) {
            found.records().forEach(old -> records.add(type.javaType().cast(old)));
        }
        records.add(record);
        zone.put(name + " " + type, new DnsAnswer.Found<>(records, new DnsName(name), Duration.ZERO, Security.UNKNOWN));
    }

    /**
     * Sets the outcome at an address: {@code no-answer}, {@code broken}, {@code doubt}, {@code unfit-5.6.7}, {@code tls-4.7.5}, {@code
     * 450-RCPT}; otherwise accepted.
     */
    Simulation at(String address, String outcome) {
        outcomes.put(address, outcome);
        return this;
    }

    /** Sets outcomes such as {@code 4.1=no-answer 6.1=550-RCPT}. */
    Simulation outcomes(String text) {
        for (String word : text.strip().split("\\s+")) {
            if (word.contains("=")) {
                at(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
            }
        }
        return this;
    }

    Simulation families(String text) {
        families = switch (text) {
            case "v4" -> Set.of(Family.IPV4);
            case "v6" -> Set.of(Family.IPV6);
            default -> Set.of(Family.IPV4, Family.IPV6);
        };
        return this;
    }

    /** Sets the relay r, with both families: {@code none}, {@code ok} or {@code dead}. */
    Simulation relay(String text) {
        if (!text.equals("none")) {
            relays = List.of(Relay.parse("smtp://r"));
            add("r", RecordType.A, ip("4.99"));
            add("r", RecordType.AAAA, ip("6.99"));
            if (text.equals("dead")) {
                at("4.99", "no-answer").at("6.99", "no-answer");
            }
        }
        return this;
    }

    RoutingRequest request() {
        Domain target = Domain.parse(domain);
        return new RoutingRequest(
                new RoutingRequest.Addressees(target, Optional.empty(), recipients),
                nextHop == null ? NextHop.of(target, 25) : nextHop,
                new RoutingRequest.LocalHost(families, localNames, ownAddresses),
                new SimulatedAddressPolicy(families, refused, nat64, nat64Failure),
                new RoutingSettings(
                        order,
                        a6,
                        new RoutingSettings.LookupLimits(maxMx, maxAddresses),
                        new RoutingSettings.RelayUse(relayAttempts, fallback)),
                seed);
    }

    /** Runs to the end. */
    List<RecipientReport> run() {
        RoutingRequest request = request();
        for (int steps = 0; steps < MAX_STEPS; steps++) {
            Step step = MxRouting.next(request, known);
            if (step instanceof Step.Conclude conclude) {
                return conclude.reports();
            }
            obey(request, step);
        }
        throw new AssertionError("No conclusion after " + MAX_STEPS + " steps: " + known);
    }

    /** Runs until the next step passes the test. */
    void runUntil(Predicate<Step> test) {
        RoutingRequest request = request();
        for (int steps = 0; steps < MAX_STEPS; steps++) {
            Step step = MxRouting.next(request, known);
            if (test.test(step)) {
                return;
            }
            obey(request, step);
        }
        throw new AssertionError("No such step within " + MAX_STEPS + " steps: " + known);
    }

    private void obey(RoutingRequest request, Step step) {
        if (step instanceof Step.AskMx askMx) {
            lookUp(askMx.name(), RecordType.MX);
        } else if (step instanceof Step.AskAddresses ask) {
            lookUp(ask.questions());
        } else if (step instanceof Step.ContactHost tryHost) {
            contact(request, tryHost.remotes());
        } else if (step instanceof Step.RelayVia via) {
            contact(request, via.remotes());
        } else if (step instanceof Step.AskRelays ask) {
            relayQuestions.add(ask.question());
            known = known.plus(new DeliveryHistory.SelectorAnswered(relays, selectorFailure));
        }
    }

    /** Asks these questions too. */
    void lookUp(List<Step.AddressQuestion> questions) {
        questions.forEach(question -> lookUp(question.host(), question.type()));
    }

    @SuppressWarnings("unchecked")
    private <R> void lookUp(HostName name, RecordType<R> type) {
        String key = name + " " + type;
        asked.add(key);
        DnsAnswer<?> answer = zone.getOrDefault(
                key,
                names.contains(name.text())
                        ? new DnsAnswer.NoData<>(Duration.ZERO, Security.UNKNOWN)
                        : new DnsAnswer.NoSuchName<>(Duration.ZERO, Security.UNKNOWN));
        known = known.plus(new DeliveryHistory.LookedUp(new Lookup<>(name, type, (DnsAnswer<R>) answer), Map.of()));
    }

    /** Like a dialler: tries each address until one answers. */
    private void contact(RoutingRequest request, List<RemoteMta> remotes) {
        for (RemoteMta remote : remotes) {
            List<Mailbox> open = MxRouting.openRecipients(request, known);
            contacted.add(remote);
            offered.add(open);
            List<RecipientOutcome> results = open.stream()
                    .map(mailbox -> outcome(mailbox, script(remote, mailbox)))
                    .toList();
            known = known.plus(new DeliveryHistory.Contacted(
                    new Attempt(remote, Instant.EPOCH, Duration.ZERO, TlsSummary.NONE, results)));
            if (results.stream().noneMatch(result -> result.stage() == Stage.CONNECT)) {
                return;
            }
        }
    }

    private String script(RemoteMta remote, Mailbox mailbox) {
        String own = perRecipient.apply(remote, mailbox);
        return own != null ? own : outcomes.getOrDefault(brief(remote.address()), "250-END_OF_DATA");
    }

    static RecipientOutcome outcome(Mailbox mailbox, String script) {
        return switch (script) {
            case "no-answer" -> new RecipientOutcome(mailbox, Stage.CONNECT, new Outcome.NoAnswer("timed out"));
            case "broken" -> new RecipientOutcome(mailbox, Stage.DATA, new Outcome.BadConnection("reset"));
            case "doubt" -> new RecipientOutcome(mailbox, Stage.END_OF_DATA, new Outcome.InDoubt("reset"));
            default -> {
                int dash = script.indexOf('-');
                String after = script.substring(dash + 1);
                if (script.startsWith("unfit") || script.startsWith("tls")) {
                    yield new RecipientOutcome(
                            mailbox,
                            script.startsWith("tls") ? Stage.STARTTLS : Stage.EHLO,
                            new Outcome.HostUnsuitable(
                                    EnhancedStatus.tryParse(after).orElseThrow(), "lacks it"));
                }
                Reply reply = new Reply(Integer.parseInt(script.substring(0, dash)), List.of("text"));
                Stage stage = Stage.valueOf(after);
                yield new RecipientOutcome(
                        mailbox,
                        stage,
                        reply.isPositive() && stage == Stage.END_OF_DATA
                                ? new Outcome.Accepted(reply, false)
                                : new Outcome.Refused(reply));
            }
        };
    }

    /** Returns the contacts and the status of the only recipient, such as {@code 4.1 6.2 -> 2.0.0}. */
    String trace() {
        RecipientReport report = run().get(0);
        StringBuilder trace = new StringBuilder();
        for (RemoteMta remote : contacted) {
            trace.append(remote.role() == Role.RELAY ? "r" : "")
                    .append(brief(remote.address()))
                    .append(' ');
        }
        return trace + "-> " + report.status() + " " + report.decision().rule();
    }

    /** Returns the families contacted, or the status if no host was contacted; for the table. */
    String cell() {
        RecipientReport report = run().get(0);
        if (!report.status().isSuccess()) {
            return report.status().toString();
        }
        RemoteMta remote = contacted.get(contacted.size() - 1);
        return remote.role() == Role.RELAY ? "relay" : remote.family() == Family.IPV4 ? "v4" : "v6";
    }

    static IpAddress ip(String brief) {
        return IpAddress.parse(
                brief.startsWith("4.") ? "192.0.2." + brief.substring(2) : "2001:db8::" + brief.substring(2));
    }

    static String brief(IpAddress address) {
        String text = address.toString();
        if (text.startsWith("192.0.2.")) {
            return "4." + text.substring(8);
        }
        return text.startsWith("2001:db8::") ? "6." + text.substring(10) : text;
    }

    /** Returns the distinct addresses contacted. */
    Set<IpAddress> distinctAddresses() {
        Set<IpAddress> distinct = new LinkedHashSet<>();
        contacted.forEach(remote -> distinct.add(remote.address()));
        return distinct;
    }
}
