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
import org.postroad.provider.internal.dns.Nameservers.ServerAnswer;
import org.postroad.provider.internal.dns.Nameservers.DnsQuery;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

/**
 * Sends one message to servers of equal trust, in the order of {@link TryOrder}, until one gives a useful answer. All tries stay open until
 * then, and the first useful answer is the result. Used once, by one thread.
 */
final class ServerInquiry {

    private final Nameservers servers;
    private final DnsQuery wanted;
    private final ServerList list;
    private final boolean adCounts;
    private final TryOrder order;
    private final Deadline deadline;
    private final PendingTries pending;
    private final Map<InetSocketAddress, ParsedAnswer.Failed> failures = new LinkedHashMap<>();

    /**
     * @param among the servers, their options, and whether their AD bit counts
     * @param order the order of the tries
     */
    record InquiryPlan(AdTrust.EqualServers among, TryOrder order, Deadline deadline) {}

    ServerInquiry(Nameservers servers, DnsQuery wanted, InquiryPlan plan, PendingTries pending) {
        this.servers = servers;
        this.wanted = wanted;
        this.list = plan.among().list();
        this.adCounts = plan.among().adCounts();
        this.order = plan.order();
        this.deadline = plan.deadline();
        this.pending = pending;
    }

    /** Returns the first useful answer, or else a summary of the failures. */
    ServerAnswer run() throws IOException, InterruptedException {
        Optional<ServerAnswer> heard = Optional.empty();
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

    /** Sends a try, and processes the results of all open tries until this one ends or its share of the time is over. */
    private Optional<ServerAnswer> ask(InetSocketAddress server) throws IOException, InterruptedException {
        Deadline share = order.share();
        Optional<DnsTry> current = send(server, servers.forms().next(need(server), wasSilent(server)));
        while (current.isPresent()) {
            Optional<PendingTries.TryResult> result = pending.await(share);
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
            Optional<ServerAnswer> heard = read(result.get());
            if (heard.isPresent() || isCurrent) {
                return heard;
            }
        }
        return Optional.empty();
    }

    /** Processes late answers after all tries have been sent. */
    private Optional<ServerAnswer> listen() throws IOException, InterruptedException {
        Optional<PendingTries.TryResult> result = pending.await(deadline);
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

    private Optional<QueryForm> simplerAfter(PendingTries.TryResult result) {
        return result instanceof PendingTries.TryResult.Answered answered
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
        if (unanswered.sawMismatch()) {
            failed(
                    server,
                    Cause.MALFORMED,
                    Nameservers.show(server) + ": only octets that are no answer to the question came");
        } else {
            servers.noteSilence(server);
            failed(server, Cause.TIMEOUT, Nameservers.show(server) + " did not answer");
        }
    }

    private Optional<ServerAnswer> read(PendingTries.TryResult result) throws InterruptedException {
        InetSocketAddress server = result.by().server();
        if (result instanceof PendingTries.TryResult.Answered answered) {
            servers.noteAnswer(server);
            return read(server, answered.by().query(), answered.answer());
        }
        IOException why = ((PendingTries.TryResult.Broken) result).why();
        if (why instanceof DnsExchange.MalformedException) {
            return uselessAnswer(server, Cause.MALFORMED, Nameservers.show(server) + ": " + why.getMessage());
        }
        cannotBeAsked(server, why);
        return Optional.empty();
    }

    private Optional<ServerAnswer> read(InetSocketAddress server, Message query, Message answer)
            throws InterruptedException {
        ParsedAnswer reading = MessageReader.read(query, answer, wanted.chain(), Nameservers.show(server));
        if (reading instanceof ParsedAnswer.Failed useless) {
            return uselessAnswer(server, useless.cause(), useless.detail());
        }
        servers.forms().worked(server, QueryForm.of(query));
        boolean says = answer.getHeader().getFlag(Flags.AD);
        boolean authentic = says && adCounts;
        if (says && !adCounts && !wanted.signed()) {
            servers.trust().warnIgnoredAd(server);
        }
        if (adCounts && !authentic && isBogusForAnother()) {
            return uselessAnswer(
                    server,
                    Cause.BOGUS,
                    Nameservers.show(server) + " answered, but not with what is secure, and for another it is bogus");
        }
        if (authentic) {
            servers.insecureClaims().noteSecure(wanted.chain().name());
        } else if (adCounts && list.servers().size() > 1 && !mayBeInsecure(server)) {
            return uselessAnswer(
                    server,
                    Cause.SERVER_FAILURE,
                    Nameservers.show(server)
                            + " does not call this secure, but not the root either: it does not validate");
        }
        return Optional.of(new ServerAnswer(reading, authentic, Optional.of(answer)));
    }

    /** Limits the additional query to half of the remaining time, which is enough since the server has just answered. */
    private boolean mayBeInsecure(InetSocketAddress server) throws InterruptedException {
        Deadline share = deadline.atMost(deadline.remaining().dividedBy(2));
        return servers.insecureClaims().mayStand(server, wanted.chain().name(), wanted.type(), share);
    }

    /** RFC 7672 §2.1.2: data that one validator found bogus does not become acceptable because another one reports it as not secure. */
    private boolean isBogusForAnother() {
        return failures.values().stream().anyMatch(failure -> failure.cause() == Cause.BOGUS);
    }

    private Optional<ServerAnswer> uselessAnswer(InetSocketAddress server, Cause cause, String detail) {
        order.remove(server);
        failed(server, cause, detail);
        return Optional.empty();
    }

    private void cannotBeAsked(InetSocketAddress server, Exception why) {
        failed(server, Cause.NETWORK, Nameservers.show(server) + " cannot be asked: " + Printable.describe(why));
    }

    /** Records a failure. A failure in which the server answered is not replaced by a later one without an answer. */
    private void failed(InetSocketAddress server, Cause cause, String detail) {
        ParsedAnswer.Failed before = failures.get(server);
        if (before == null || isNoAnswer(before.cause()) || !isNoAnswer(cause)) {
            failures.put(server, new ParsedAnswer.Failed(cause, detail));
        }
    }

    private static boolean isNoAnswer(Cause cause) {
        return cause == Cause.TIMEOUT || cause == Cause.NETWORK;
    }

    /** Returns the first failure in which a server answered, or else the last failure, with the details of all of them. */
    private ServerAnswer summary() {
        if (failures.isEmpty()) {
            return Nameservers.failed(Cause.TIMEOUT, "the time was over before a server was asked");
        }
        List<Cause> causes =
                failures.values().stream().map(ParsedAnswer.Failed::cause).toList();
        Cause cause = causes.stream().filter(each -> !isNoAnswer(each)).findFirst().orElse(causes.get(causes.size() - 1));
        String details = failures.values().stream()
                .map(ParsedAnswer.Failed::detail)
                .distinct()
                .collect(Collectors.joining("; "));
        return Nameservers.failed(cause, details);
    }
}
