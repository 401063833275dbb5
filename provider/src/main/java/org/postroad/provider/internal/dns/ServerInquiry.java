// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.Printable;
import org.postroad.provider.internal.dns.Nameservers.Heard;
import org.postroad.provider.internal.dns.Nameservers.Wanted;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

/**
 * One message, asked of servers of equal worth in the order of {@link TryOrder} until one says something. Whoever was asked is listened to
 * until the end, and the first useful answer ends it. Of one thread, for one message.
 */
final class ServerInquiry {

    private final Nameservers servers;
    private final Wanted wanted;
    private final ServerList list;
    private final boolean adCounts;
    private final TryOrder order;
    private final Deadline deadline;
    private final PendingTries pending;
    private final Map<InetSocketAddress, Reading.Useless> failures = new LinkedHashMap<>();

    /**
     * @param among where the servers come from, how they are asked, and what their word is worth
     * @param order in which they are asked
     */
    record Plan(AdTrust.Equals among, TryOrder order, Deadline deadline) {}

    ServerInquiry(Nameservers servers, Wanted wanted, Plan plan, PendingTries pending) {
        this.servers = servers;
        this.wanted = wanted;
        this.list = plan.among().list();
        this.adCounts = plan.among().adCounts();
        this.order = plan.order();
        this.deadline = plan.deadline();
        this.pending = pending;
    }

    /** The first useful answer, else a summary of the failures. */
    Heard run() throws IOException, InterruptedException {
        Optional<Heard> heard = Optional.empty();
        while (heard.isEmpty() && !deadline.hasPassed()) {
            Optional<InetSocketAddress> next = order.next();
            if (next.isPresent()) {
                heard = ask(next.get());
            } else if (!pending.isEmpty()) {
                heard = listen();
            } else {
                break;
            }
        }
        return heard.orElseGet(this::summary);
    }

    /** Sends a try, and listens to all until it ends or its share of the time does. */
    private Optional<Heard> ask(InetSocketAddress server) throws IOException, InterruptedException {
        Deadline share = order.share();
        Optional<DnsTry> current = send(server, servers.forms().next(need(server), wasSilent(server)));
        while (current.isPresent()) {
            Optional<PendingTries.Result> result = pending.await(share);
            if (result.isEmpty()) {
                noteSilence(current.get());
                return Optional.empty();
            }
            boolean isCurrent = result.get().by() == current.get();
            Optional<QueryForm> simpler = simplerAfter(result.get());
            if (simpler.isPresent()) {
                Optional<DnsTry> again = send(result.get().by().server(), simpler.get());
                current = isCurrent ? again : current;
                continue;
            }
            Optional<Heard> heard = read(result.get());
            if (heard.isPresent() || isCurrent) {
                return heard;
            }
        }
        return Optional.empty();
    }

    /** All servers were asked as often as they are asked; one of them may still answer. */
    private Optional<Heard> listen() throws IOException, InterruptedException {
        Optional<PendingTries.Result> result = pending.await(deadline);
        Optional<QueryForm> simpler = result.flatMap(this::simplerAfter);
        if (simpler.isPresent()) {
            send(result.get().by().server(), simpler.get());
            return Optional.empty();
        }
        return result.isPresent() ? read(result.get()) : Optional.empty();
    }

    private Optional<DnsTry> send(InetSocketAddress server, QueryForm form) throws DnsExchange.ClosedException {
        try {
            return Optional.of(pending.send(
                    servers.newQuery(wanted, form), server, list.options().tcp()));
        } catch (DnsExchange.ClosedException e) {
            throw e;
        } catch (IOException | UnresolvedAddressException | UnsupportedAddressTypeException e) {
            cannotBeAsked(server, e);
            return Optional.empty();
        }
    }

    private Optional<QueryForm> simplerAfter(PendingTries.Result result) {
        return result instanceof PendingTries.Result.Answered answered
                ? servers.forms()
                        .after(
                                need(answered.by().server()),
                                QueryForm.of(answered.by().query()),
                                answered.answer().getRcode())
                : Optional.empty();
    }

    private QueryForms.Need need(InetSocketAddress server) {
        return new QueryForms.Need(server, wanted.signed(), adCounts);
    }

    private boolean wasSilent(InetSocketAddress server) {
        return Optional.ofNullable(failures.get(server))
                .filter(failure -> failure.cause() == Cause.TIMEOUT)
                .isPresent();
    }

    private void noteSilence(DnsTry unanswered) {
        InetSocketAddress server = unanswered.server();
        if (unanswered.sawForeign()) {
            failed(
                    server,
                    Cause.MALFORMED,
                    Nameservers.show(server) + ": only octets that are no answer to the question came");
        } else {
            servers.noteSilence(server);
            failed(server, Cause.TIMEOUT, Nameservers.show(server) + " did not answer");
        }
    }

    private Optional<Heard> read(PendingTries.Result result) throws InterruptedException {
        InetSocketAddress server = result.by().server();
        if (result instanceof PendingTries.Result.Answered answered) {
            servers.noteAnswer(server);
            return read(server, answered.by().query(), answered.answer());
        }
        IOException why = ((PendingTries.Result.Broken) result).why();
        if (why instanceof DnsExchange.MalformedException) {
            return spokeInVain(server, Cause.MALFORMED, Nameservers.show(server) + ": " + why.getMessage());
        }
        cannotBeAsked(server, why);
        return Optional.empty();
    }

    private Optional<Heard> read(InetSocketAddress server, Message query, Message answer) throws InterruptedException {
        Reading reading = MessageReader.read(query, answer, wanted.chain(), Nameservers.show(server));
        if (reading instanceof Reading.Useless useless) {
            return spokeInVain(server, useless.cause(), useless.detail());
        }
        servers.forms().worked(server, QueryForm.of(query));
        boolean says = answer.getHeader().getFlag(Flags.AD);
        boolean authentic = says && adCounts;
        if (says && !adCounts && !wanted.signed()) {
            servers.trust().noteUnheeded(server);
        }
        if (adCounts && !authentic && isBogusForAnother()) {
            return spokeInVain(
                    server,
                    Cause.BOGUS,
                    Nameservers.show(server) + " answered, but not with what is secure, and for another it is bogus");
        }
        if (authentic) {
            servers.insecureClaims().noteSecure(wanted.chain().name());
        } else if (adCounts && list.servers().size() > 1 && !mayBeInsecure(server)) {
            return spokeInVain(
                    server,
                    Cause.SERVER_FAILURE,
                    Nameservers.show(server)
                            + " does not call this secure, but not the root either: it does not validate");
        }
        return Optional.of(new Heard(reading, authentic, Optional.of(answer)));
    }

    /** The server just answered: it gets no more than a share of the time for another question. */
    private boolean mayBeInsecure(InetSocketAddress server) throws InterruptedException {
        Deadline share = deadline.orAfter(deadline.remaining().dividedBy(2));
        return servers.insecureClaims().mayStand(server, wanted.chain().name(), wanted.type(), share);
    }

    /** RFC 7672 §2.1.2: what one validator found bogus is not made good by what another one does not call secure. */
    private boolean isBogusForAnother() {
        return failures.values().stream().anyMatch(failure -> failure.cause() == Cause.BOGUS);
    }

    private Optional<Heard> spokeInVain(InetSocketAddress server, Cause cause, String detail) {
        order.settle(server);
        failed(server, cause, detail);
        return Optional.empty();
    }

    private void cannotBeAsked(InetSocketAddress server, Exception why) {
        failed(server, Cause.NETWORK, Nameservers.show(server) + " cannot be asked: " + Printable.describe(why));
    }

    /** What a server said stays, whatever becomes of another try at it. */
    private void failed(InetSocketAddress server, Cause cause, String detail) {
        Reading.Useless before = failures.get(server);
        if (before == null || isMute(before.cause()) || !isMute(cause)) {
            failures.put(server, new Reading.Useless(cause, detail));
        }
    }

    private static boolean isMute(Cause cause) {
        return cause == Cause.TIMEOUT || cause == Cause.NETWORK;
    }

    /** The first failure in which a server spoke, else the last one; with the details of all. */
    private Heard summary() {
        if (failures.isEmpty()) {
            return Nameservers.useless(Cause.TIMEOUT, "the time was over before a server was asked");
        }
        List<Cause> causes =
                failures.values().stream().map(Reading.Useless::cause).toList();
        Cause cause = causes.stream().filter(each -> !isMute(each)).findFirst().orElse(causes.get(causes.size() - 1));
        String details = failures.values().stream()
                .map(Reading.Useless::detail)
                .distinct()
                .collect(Collectors.joining("; "));
        return Nameservers.useless(cause, details);
    }
}
