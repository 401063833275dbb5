// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postroad.api.Attempt;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Family;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta;
import org.postroad.api.RemoteMta.Role;
import org.postroad.provider.internal.route.ErrorPolicy.Disposition;
import org.postroad.spi.AddressOrder.Candidate;

/**
 * The known addresses of one host: which are usable (ADDR), in which order (ORDER-05, ORDER-07), and which DNS questions about them are
 * still pending (LOOKUP-04).
 *
 * @param now the current state of the delivery
 * @param target the host and its role
 */
record HostCandidates(DeliveryState now, Target target) {

    /** A host and the role in which it is contacted. */
    record Target(Role role, Host host, int port, boolean configured) {}

    /**
     * An address listed in DNS.
     *
     * @param published as listed
     * @param usable the address to dial for it; empty if it is of the other family or refused
     * @param refusal why the guard refused it; empty if it did not
     */
    record Listed(IpAddress published, Optional<IpAddress> usable, Optional<String> refusal) {}

    /** Returns every address found so far, each once. */
    List<Listed> listed() {
        List<Listed> listed = new ArrayList<>();
        for (IpAddress address : published()) {
            listed.add(evaluate(address));
        }
        return listed;
    }

    private Set<IpAddress> published() {
        if (target.host() instanceof IpAddress literal) {
            return Set.of(literal);
        }
        Set<IpAddress> published = new LinkedHashSet<>();
        for (RecordType<IpAddress> type : allTypes()) {
            known().answer((HostName) target.host(), type)
                    .ifPresent(answer -> published.addAll(answer.recordsOrNone()));
        }
        return published;
    }

    /** Returns the DNS answers that list an address for which this one is dialled. */
    List<DnsAnswer.Found<IpAddress>> answersWith(IpAddress dialled) {
        List<DnsAnswer.Found<IpAddress>> answers = new ArrayList<>();
        if (target.host() instanceof HostName name) {
            for (RecordType<IpAddress> type : allTypes()) {
                known().answer(name, type)
                        .filter(answer -> answer.recordsOrNone().stream()
                                .anyMatch(listed -> evaluate(listed).usable().equals(Optional.of(dialled))))
                        .ifPresent(answer -> answers.add((DnsAnswer.Found<IpAddress>) answer));
            }
        }
        return answers;
    }

    private Listed evaluate(IpAddress address) {
        Optional<String> refusal =
                target.configured() ? Optional.empty() : request().rules().refusal(address); // ADDR-05
        return new Listed(
                address,
                refusal.isPresent() ? Optional.empty() : request().rules().dialled(address),
                refusal);
    }

    /** Returns the families of the addresses that are not refused. */
    Set<Family> families() {
        return listed().stream()
                .filter(listed -> listed.refusal().isEmpty())
                .map(listed -> listed.published().family())
                .collect(Collectors.toSet());
    }

    /** Returns whether one of the addresses is our own (ORDER-08). */
    boolean isOurs() {
        return !target.configured()
                && !Collections.disjoint(request().localHost().ownAddresses(), published());
    }

    /**
     * Returns the usable addresses not contacted yet for any host of this delivery, in the order in which to contact them. An address
     * contacted for another host remains usable if only the TLS policy published for that host's name ruled it out. Returns none if the
     * host refused the session (TRY-04).
     */
    List<RemoteMta> untried() {
        if (refusedUs()) {
            return List.of();
        }
        Set<IpAddress> contacted = new HashSet<>();
        for (RecipientAttempt contact : now.contacts()) {
            RemoteMta remote = contact.attempt().remote();
            if (remote.host().equals(target.host()) || !contact.concernsTlsOfName()) {
                contacted.add(remote.address());
            }
        }
        List<RemoteMta> untried = new ArrayList<>(usable());
        untried.removeIf(remote -> contacted.contains(remote.address()));
        return untried;
    }

    /**
     * RELAY-05: returns the usable addresses that were contacted fewer than {@code rounds} times and never answered. An address that
     * answered is not contacted again.
     */
    List<RemoteMta> unreachedInFewerThan(int rounds) {
        if (refusedUs()) {
            return List.of();
        }
        return usable().stream()
                .filter(remote -> {
                    List<Attempt> attempts = now.known().conclusiveAttempts().stream()
                            .filter(attempt -> attempt.remote().equals(remote))
                            .toList();
                    return attempts.size() < rounds && contactsWith(remote).allMatch(RecipientAttempt::isUnreachable);
                })
                .toList();
    }

    private Stream<RecipientAttempt> contactsWith(RemoteMta remote) {
        return now.contacts().stream()
                .filter(contact -> contact.attempt().remote().equals(remote));
    }

    private boolean refusedUs() {
        for (RecipientAttempt contact : now.contacts()) {
            if (contact.meaning() == Disposition.HOST_REFUSED
                    && !contact.concernsTlsOfAddress()
                    && contact.role() == target.role()
                    && contact.attempt().remote().host().equals(target.host())) {
                return true;
            }
        }
        return false;
    }

    /** Returns the usable addresses, in the order in which to contact them, capped. */
    List<RemoteMta> usable() {
        Set<IpAddress> usable = new LinkedHashSet<>();
        for (Listed listed : listed()) {
            listed.usable().ifPresent(usable::add);
        }
        if (usable.isEmpty()) {
            return List.of();
        }
        List<Candidate> candidates = new ArrayList<>();
        usable.forEach(address -> candidates.add(new Candidate(address, known().sourceFor(address))));
        List<IpAddress> ordered = new ArrayList<>();
        for (Candidate candidate : request().settings().addressOrder().order(candidates, random())) {
            ordered.add(candidate.address());
        }
        List<RemoteMta> remotes = new ArrayList<>();
        for (IpAddress address :
                AddressCap.apply(ordered, request().settings().limits().maxAddresses())) {
            remotes.add(new RemoteMta(target.role(), target.host(), address, target.port()));
        }
        return remotes;
    }

    /** Returns a generator that yields the same sequence for the same host in the same delivery. */
    private RandomGenerator random() {
        return new SplittableRandom(request().seed() ^ target.host().toString().hashCode());
    }

    /** Returns the questions not asked yet whose answers could be usable. */
    List<Step.AddressQuestion> openQuestions() {
        List<Step.AddressQuestion> open = allOpenQuestions();
        open.removeIf(question -> !couldBeUsable(question.type()));
        return open;
    }

    /** LOOKUP-04: returns the questions not asked yet, whatever our families are. */
    List<Step.AddressQuestion> allOpenQuestions() {
        List<Step.AddressQuestion> open = new ArrayList<>();
        if (target.host() instanceof HostName name) {
            for (RecordType<IpAddress> type : allTypes()) {
                if (known().answer(name, type).isEmpty()) {
                    open.add(new Step.AddressQuestion(name, type));
                }
            }
        }
        return open;
    }

    /** Returns a temporary failure, of a lookup or of NAT64 discovery, that may hide usable addresses. */
    Optional<String> failedLookup() {
        return failedAnswer().or(this::failedNat64);
    }

    private Optional<String> failedAnswer() {
        return target.host()
                .name()
                .flatMap(name -> allTypes().stream()
                        .flatMap(type -> known().answer(name, type).flatMap(DnsAnswer::failure).stream()
                                .map(failed -> type + " of " + name + ": " + failed.reason()))
                        .findFirst());
    }

    /** ADDR-04: while NAT64 discovery has no result, an IPv4 address may or may not be usable. */
    private Optional<String> failedNat64() {
        boolean matters = listed().stream()
                .anyMatch(
                        listed -> listed.refusal().isEmpty() && listed.usable().isEmpty());
        return request()
                .rules()
                .nat64Failure()
                .filter(failure -> matters)
                .map(failure -> "NAT64 for " + target.host() + ": " + failure);
    }

    private List<RecordType<IpAddress>> allTypes() {
        return request().settings().a6() // LOOKUP-05
                ? List.of(RecordType.A, RecordType.AAAA, RecordType.A6)
                : List.of(RecordType.A, RecordType.AAAA);
    }

    private boolean couldBeUsable(RecordType<IpAddress> type) {
        Family family = type.equals(RecordType.A) ? Family.IPV4 : Family.IPV6;
        return request().localHost().families().contains(family)
                || (family == Family.IPV4 && request().rules().hasNat64());
    }

    private RoutingRequest request() {
        return now.request();
    }

    private DeliveryHistory known() {
        return now.known();
    }
}
