// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.Printable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.dnssec.ValidatingResolver;

/**
 * Proves what the name servers say, from the trust anchors down (RFC 4035 §5), with dnsjava's validator. The servers are believed
 * nothing, their AD bit least of all.
 *
 * <p>Secure is what the validator calls so. Insecure is what it proves to be so: records without its blame, anything else only with its
 * reason. Everything else is a failure, and so is whatever needed a message that could not be had: nobody makes a signed zone an unsigned
 * one by keeping its DS or DNSKEY records from us.
 *
 * <p>The root is asked for first. Where it cannot be proved, no question is asked: DNSSEC does not pass the servers, or the trust anchor
 * is not theirs, and nothing can be secure.
 */
final class Validation implements Upstream {

    /** How long it is believed that the root cannot be proved. */
    static final Duration ROOT_PAUSE = Duration.ofMinutes(1);

    private final Nameservers servers;
    private final ValidatingResolver validator;
    private final InstantSource clock;
    private final Clock wallClock;
    private volatile Root root = new Root(Optional.empty(), Instant.MIN);

    /** What is known of the root, until when. */
    private record Root(Optional<Reading.Useless> obstacle, Instant until) {}

    /**
     * Asks nobody yet.
     *
     * @param clock tells when the root is due to be asked for again
     * @param wallClock tells which signatures are valid
     */
    Validation(Nameservers servers, TrustAnchors anchors, InstantSource clock, Clock wallClock) {
        this.servers = servers;
        this.clock = clock;
        this.wallClock = wallClock;
        validator = new ValidatingResolver(new FailClosedHead(), wallClock);
        configure(validator);
        // Of ours only, also where a property of dnsjava names others for the whole JVM.
        validator.getTrustAnchors().clear();
        anchors.records().forEach(anchor -> validator.getTrustAnchors().store(new RRset(anchor)));
    }

    /**
     * RFC 6840 §5.11: one algorithm that proves is enough, or an anchor of another one that stands by would end everything. With
     * that goes that a SHA-1 digest counts beside a better one (against RFC 4509 §3): nobody can make a key for a given one.
     */
    private static void configure(ValidatingResolver validator) {
        Properties settings = new Properties();
        settings.setProperty("dnsjava.dnssec.harden_algo_downgrade", "false");
        try {
            validator.init(settings);
        } catch (IOException e) {
            throw new UncheckedIOException("No file is named here", e);
        }
    }

    @Override
    public Response ask(Chain chain, int type, Deadline deadline) throws InterruptedException {
        Optional<Reading.Useless> obstacle = obstacle(deadline);
        return obstacle.isPresent() ? new Response(obstacle.get(), false) : prove(chain, type, deadline);
    }

    /** Why nothing can be proved. Threads that come at once ask at once: it costs two messages each. */
    private Optional<Reading.Useless> obstacle(Deadline deadline) throws InterruptedException {
        Root known = root;
        if (clock.instant().isBefore(known.until())) {
            return known.obstacle();
        }
        Response response = prove(Chain.from(Name.root), Type.SOA, deadline);
        if (response.secure()) {
            root = new Root(Optional.empty(), Instant.MAX);
            return Optional.empty();
        }
        Optional<Reading.Useless> useless = Optional.of(response.reading())
                .filter(Reading.Useless.class::isInstance)
                .map(Reading.Useless.class::cast);
        if (useless.filter(failure -> failure.cause() != Cause.BOGUS).isPresent()) {
            return useless;
        }
        String reason = useless.map(Reading.Useless::detail).orElse("the root is not signed");
        Reading.Useless obstacle = new Reading.Useless(
                Cause.BOGUS,
                "DNSSEC is stripped by " + servers.names() + ", or the trust anchor does not fit: " + reason);
        root = new Root(Optional.of(obstacle), clock.instant().plus(ROOT_PAUSE));
        return Optional.of(obstacle);
    }

    private Response prove(Chain chain, int type, Deadline deadline) throws InterruptedException {
        Message query = Message.newQuery(Record.newRecord(chain.name(), type, DClass.IN));
        ProofSearch search = new ProofSearch(servers, deadline);
        Optional<Message> verdict;
        try {
            verdict = search.await(validator.sendAsync(query, search));
        } catch (ExecutionException | RuntimeException e) {
            return bogus(chain, type, "the validator failed: " + Printable.describe(e));
        }
        if (search.failure().isPresent()) {
            return new Response(search.failure().get(), false);
        } else if (verdict.isEmpty()) {
            return Response.useless(Cause.TIMEOUT, "the time was over before " + chain.name() + " was proved");
        }
        return judge(query, verdict.get(), chain, type);
    }

    /** What the validator's verdict is worth; of a search in which nothing failed. */
    Response judge(Message query, Message verdict, Chain chain, int type) {
        Optional<String> reason = reason(verdict);
        if (verdict.getRcode() != Rcode.NOERROR && verdict.getRcode() != Rcode.NXDOMAIN) {
            return bogus(chain, type, reason.orElse("no reason is known"));
        }
        boolean secure = verdict.getHeader().getFlag(Flags.AD);
        Chain limited = secure ? chain.atMost(secondsProved(verdict)) : chain;
        Reading reading = MessageReader.read(query, verdict, limited, servers.names());
        if (!secure && reason.isEmpty() && !(reading instanceof Reading.Records)) {
            return bogus(chain, type, "it is neither proved nor proved to be insecure");
        }
        return new Response(reading, secure);
    }

    private Response bogus(Chain chain, int type, String reason) {
        return Response.useless(
                Cause.BOGUS,
                Type.string(type) + " of " + chain.name() + " from " + servers.names() + " is bogus: "
                        + Printable.clean(reason));
    }

    /** The validator's reason for insecure and bogus. */
    private static Optional<String> reason(Message verdict) {
        return verdict.getSection(Section.ADDITIONAL).stream()
                .filter(record -> record.getDClass() == ValidatingResolver.VALIDATION_REASON_QCLASS)
                .filter(TXTRecord.class::isInstance)
                .map(record -> String.join("", ((TXTRecord) record).getStrings()))
                .findFirst();
    }

    /** RFC 4035 §5.3.3: the TTL of a record is not signed, but what it was and when the signature expires is. */
    private long secondsProved(Message verdict) {
        Instant now = wallClock.instant();
        return Stream.of(Section.ANSWER, Section.AUTHORITY)
                .flatMap(section -> verdict.getSection(section).stream())
                .filter(RRSIGRecord.class::isInstance)
                .map(RRSIGRecord.class::cast)
                .mapToLong(signature -> Math.min(
                        signature.getOrigTTL(),
                        Math.max(0, Duration.between(now, signature.getExpire()).toSeconds())))
                .min()
                .orElse(0);
    }
}
