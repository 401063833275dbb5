// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.audit;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.RecordType;
import org.postroad.provider.internal.audit.AuditFacts.AuthorityAnswer;
import org.postroad.provider.internal.audit.AuditFacts.AuthorityFacts;
import org.postroad.provider.internal.dns.AuthorityClient;
import org.postroad.provider.internal.dns.ZoneTypes;
import org.postroad.spi.MailDns;

/**
 * Asks the authoritative servers of the zones, one question after the other, for what the configured resolver answered (AUDIT-09). Used
 * once, by one thread.
 */
public final class AuthorityInquiry {

    /** The maximum number of zones: that of the domain, and those of its hosts. */
    static final int MAX_ZONES = 4;

    /** The maximum number of server addresses for each zone. */
    static final int MAX_SERVERS = 8;

    /** The maximum number of questions about one domain. */
    static final int MAX_QUESTIONS = 24;

    private final MailDns resolver;
    private final AuthorityClient client;
    private final Function<IpAddress, Optional<InetSocketAddress>> sockets;
    private final Deadline deadline;
    private final Map<HostName, Zone> zones = new LinkedHashMap<>();
    /** Servers that did not answer a question are not asked again. */
    private final Map<InetSocketAddress, String> unreachable = new HashMap<>();

    /**
     * A zone.
     *
     * @param servers name and address for each server that is asked
     * @param problem why there are none; empty if there are
     * @param isTemporary whether the problem is temporary
     */
    private record Zone(Map<InetSocketAddress, String> servers, Optional<String> problem, boolean isTemporary) {

        static Zone without(String problem, boolean isTemporary) {
            return new Zone(Map.of(), Optional.of(problem), isTemporary);
        }
    }

    /**
     * @param resolver the configured resolver, which finds the name servers; it must know {@link ZoneTypes#NS}
     * @param client asks them
     * @param sockets where to ask the server with an address; empty if it must not be asked, or cannot be reached from here
     */
    public AuthorityInquiry(
            MailDns resolver,
            AuthorityClient client,
            Function<IpAddress, Optional<InetSocketAddress>> sockets,
            Deadline deadline) {
        this.resolver = resolver;
        this.client = client;
        this.sockets = sockets;
        this.deadline = deadline;
    }

    /**
     * Asks the questions about MX and address records again.
     *
     * @param lookups the answers of the configured resolver; its failures are not compared
     */
    public AuthorityFacts run(List<Lookup<?>> lookups) throws InterruptedException {
        List<Lookup<?>> questions = lookups.stream()
                .filter(lookup ->
                        List.of(RecordType.MX, RecordType.A, RecordType.AAAA).contains(lookup.type())
                                && lookup.answer().failure().isEmpty())
                .limit(MAX_QUESTIONS)
                .toList();
        List<AuthorityAnswer> answers = new ArrayList<>();
        for (Lookup<?> question : questions) {
            for (Map.Entry<InetSocketAddress, String> server :
                    zoneOf(question.name()).servers().entrySet()) {
                if (!unreachable.containsKey(server.getKey())) {
                    answers.add(ask(server.getKey(), server.getValue(), question.name(), question.type()));
                }
            }
        }
        return answers.isEmpty() ? nothingAsked(questions) : new AuthorityFacts(Optional.empty(), false, answers);
    }

    private AuthorityFacts nothingAsked(List<Lookup<?>> questions) {
        if (questions.isEmpty()) {
            return AuthorityFacts.failed("The configured resolver has no answer that could be compared.");
        }
        Zone first = zones.values().iterator().next();
        String why = first.problem().orElse("No authoritative server can be asked.");
        return first.isTemporary() ? AuthorityFacts.failed(why) : AuthorityFacts.notChecked(why);
    }

    private <R> AuthorityAnswer ask(InetSocketAddress server, String shown, HostName name, RecordType<R> type)
            throws InterruptedException {
        DnsAnswer<R> answer = client.ask(server, name, type, deadline);
        answer.failure()
                .filter(failure ->
                        failure.cause() == DnsAnswer.Cause.TIMEOUT || failure.cause() == DnsAnswer.Cause.NETWORK)
                .ifPresent(failure -> unreachable.put(server, shown));
        return new AuthorityAnswer(shown, new Lookup<>(name, type, answer));
    }

    /** Returns the nearest zone that contains the name: that of the name itself, or of a parent domain. */
    private Zone zoneOf(HostName name) throws InterruptedException {
        HostName candidate = name;
        while (true) {
            Zone known = zones.get(candidate);
            if (known != null) {
                return known;
            }
            DnsAnswer<DnsName> answer = resolver.query(candidate, ZoneTypes.NS, deadline);
            Optional<DnsAnswer.Failed<DnsName>> failure = answer.failure();
            if (failure.isPresent()) {
                return remember(
                        name,
                        Zone.without(
                                "The name servers of " + candidate + " are not known for now: "
                                        + failure.get().reason() + ".",
                                true));
            }
            if (answer instanceof DnsAnswer.Found<DnsName> found
                    && found.canonicalName().text().equals(candidate.text())) {
                return remember(candidate, servers(candidate, found.records()));
            }
            int dot = candidate.text().indexOf('.');
            if (dot < 0) {
                return remember(
                        name, Zone.without("DNS lists no name servers for " + name + " or its parents.", false));
            }
            candidate = new HostName(candidate.text().substring(dot + 1));
        }
    }

    private Zone remember(HostName name, Zone zone) {
        zones.put(name, zone);
        return zone;
    }

    private Zone servers(HostName apex, List<DnsName> names) throws InterruptedException {
        if (zones.size() >= MAX_ZONES) {
            return Zone.without("There are more than " + MAX_ZONES + " zones.", false);
        }
        Map<InetSocketAddress, String> servers = new LinkedHashMap<>();
        boolean failed = false;
        int listed = 0;
        List<HostName> hosts = names.stream()
                .flatMap(each -> each.hostName().stream())
                .sorted((one, other) -> one.text().compareTo(other.text()))
                .toList();
        for (HostName host : hosts) {
            DnsAnswer<IpAddress> v6 = resolver.query(host, RecordType.AAAA, deadline);
            DnsAnswer<IpAddress> v4 = resolver.query(host, RecordType.A, deadline);
            failed |= v4.failure().isPresent() || v6.failure().isPresent();
            List<IpAddress> addresses = Stream.concat(v6.recordsOrNone().stream(), v4.recordsOrNone().stream())
                    .toList();
            listed += addresses.size();
            for (IpAddress address : addresses) {
                Optional<InetSocketAddress> socket = sockets.apply(address);
                if (socket.isPresent() && servers.size() < MAX_SERVERS) {
                    servers.putIfAbsent(socket.get(), host + " [" + address + "]");
                }
            }
        }
        if (!servers.isEmpty()) {
            return new Zone(servers, Optional.empty(), false);
        }
        return failed
                ? Zone.without("The addresses of the name servers of " + apex + " are not known for now.", true)
                : Zone.without(
                        listed == 0
                                ? "The name servers of " + apex + " have no address."
                                : "This host reaches none of the addresses of the name servers of " + apex + ".",
                        false);
    }
}
