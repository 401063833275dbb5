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
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

/**
 * Sends one message to servers of equal trust, in the order of {@link TryOrder}, until one gives a useful answer. All tries stay open until
 * then, and the first useful answer is the result. Used once, by one thread.
 */
final class ServerInquiry {

    private final InquiryContext context;
    private final DnsQuery wanted;
    private final ServerList list;
    private final boolean adCounts;
    private final TryOrder order;
    private final Deadline deadline;
    private final PendingTries pending;
    private final Map<InetSocketAddress, ParsedAnswer.Failed> failures = new LinkedHashMap<>();

    /** Creates the queries of an inquiry, and keeps what inquiries learn about the servers. */
    interface InquiryContext {

        Message newQuery(DnsQuery query, QueryForm form);

        void noteSilence(InetSocketAddress server);

        /** Records that the server has answered, so it is at most slow, not silent. */
        void noteAnswer(InetSocketAddress server);

        QueryForms forms();

        AdTrust trust();

        InsecureClaims insecureClaims();
    }

    /**
     * Result of an inquiry.
     *
     * @param authentic whether a server whose AD bit counts reports the message as validated
     * @param message the message that was read; empty if the reading is useless
     */
    record ServerAnswer(ParsedAnswer reading, boolean authentic, Optional<Message> message) {

        static ServerAnswer failed(Cause cause, String detail) {
            return new ServerAnswer(new ParsedAnswer.Failed(cause, detail), false, Optional.empty());
        }
    }

    /**
     * @param among the servers, their options, and whether their AD bit counts
     * @param order the order of the tries
     */
    record InquiryPlan(AdTrust.EqualServers among, TryOrder order, Deadline deadline) {}

    ServerInquiry(InquiryContext context, DnsQuery wanted, InquiryPlan plan, PendingTries pending) {
        this.context = context;
        this.wanted = wanted;
        this.list = plan.among().list();
        this.adCounts = plan.among().adCounts();
        this.order = plan.order();
        this.deadline = plan.deadline();
        this.pending = pending;
    }

    /** Returns the first useful answer, or else a summary of the failures. */
    ServerAnswer run() throws IOException, InterruptedException {
        Optional<ServerAnswer> answer = Optional.empty();
        while (answer.isEmpty() && !deadline.hasPassed()) {
            Optional<InetSocketAddress> next = order.next();
            if (next.isPresent()) {
                answer = ask(next.get());
            } else if (!pending.isEmpty()) {
                answer = listen();
            } else {
                break;
            }
        }
        return answer.orElseGet(this::summary);
    }

    /** Sends a try, and processes the results of all open tries until this one ends or its share of the time is over. */
    private Optional<ServerAnswer> ask(InetSocketAddress server) throws IOException, InterruptedException {
        Deadline share = order.share();
        Optional<DnsTry> current = send(server, context.forms().next(need(server), wasSilent(server)));
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
            Optional<ServerAnswer> answer = read(result.get());
            if (answer.isPresent() || isCurrent) {
                return answer;
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

    private Optional<DnsTry> send(InetSocketAddress server, QueryForm form) throws PendingTries.ClosedException {
        try {
            return Optional.of(pending.send(
                    context.newQuery(wanted, form), server, list.options().tcp()));
        } catch (PendingTries.ClosedException e) {
            throw e;
        } catch (IOException | UnresolvedAddressException | UnsupportedAddressTypeException e) {
            cannotBeQueried(server, e);
            return Optional.empty();
        }
    }

    private Optional<QueryForm> simplerAfter(PendingTries.TryResult result) {
        return result instanceof PendingTries.TryResult.Answered answered
                ? context.forms()
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
                    ServerList.show(server) + ": received only data that does not match the query");
        } else {
            context.noteSilence(server);
            failed(server, Cause.TIMEOUT, ServerList.show(server) + " did not answer");
        }
    }

    private Optional<ServerAnswer> read(PendingTries.TryResult result) throws InterruptedException {
        InetSocketAddress server = result.by().server();
        if (result instanceof PendingTries.TryResult.Answered answered) {
            context.noteAnswer(server);
            return read(server, answered.by().query(), answered.answer());
        }
        IOException why = ((PendingTries.TryResult.Broken) result).why();
        if (why instanceof AnswerParser.MalformedException) {
            return uselessAnswer(server, Cause.MALFORMED, ServerList.show(server) + ": " + why.getMessage());
        }
        cannotBeQueried(server, why);
        return Optional.empty();
    }

    private Optional<ServerAnswer> read(InetSocketAddress server, Message query, Message answer)
            throws InterruptedException {
        ParsedAnswer reading = MessageReader.read(query, answer, wanted.chain(), ServerList.show(server));
        if (reading instanceof ParsedAnswer.Failed useless) {
            return uselessAnswer(server, useless.cause(), useless.detail());
        }
        context.forms().worked(server, QueryForm.of(query));
        boolean hasAd = answer.getHeader().getFlag(Flags.AD);
        boolean authentic = hasAd && adCounts;
        if (hasAd && !adCounts && !wanted.signed()) {
            context.trust().warnIgnoredAd(server);
        }
        if (adCounts && !authentic && isBogusForAnother()) {
            return uselessAnswer(
                    server,
                    Cause.BOGUS,
                    ServerList.show(server) + " answered without the AD bit, but another server found the data bogus");
        }
        if (authentic) {
            context.insecureClaims().noteSecure(wanted.chain().name());
        } else if (adCounts && list.servers().size() > 1 && !mayBeInsecure(server)) {
            return uselessAnswer(
                    server,
                    Cause.SERVER_FAILURE,
                    ServerList.show(server) + " does not set the AD bit, not even for the root: it does not validate");
        }
        return Optional.of(new ServerAnswer(reading, authentic, Optional.of(answer)));
    }

    /** Limits the additional query to half of the remaining time, which is enough since the server has just answered. */
    private boolean mayBeInsecure(InetSocketAddress server) throws InterruptedException {
        Deadline share = deadline.atMost(deadline.remaining().dividedBy(2));
        return context.insecureClaims().mayStand(server, wanted.chain().name(), wanted.type(), share);
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

    private void cannotBeQueried(InetSocketAddress server, Exception why) {
        failed(server, Cause.NETWORK, ServerList.show(server) + " cannot be queried: " + Printable.describe(why));
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
            return ServerAnswer.failed(Cause.TIMEOUT, "the time was over before a server was asked");
        }
        List<Cause> causes =
                failures.values().stream().map(ParsedAnswer.Failed::cause).toList();
        Cause cause =
                causes.stream().filter(each -> !isNoAnswer(each)).findFirst().orElse(causes.get(causes.size() - 1));
        String details = failures.values().stream()
                .map(ParsedAnswer.Failed::detail)
                .distinct()
                .collect(Collectors.joining("; "));
        return ServerAnswer.failed(cause, details);
    }
}
