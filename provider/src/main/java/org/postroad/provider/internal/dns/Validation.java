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
 * Validates the answers of the name servers from the trust anchors down (RFC 4035 §5), using dnsjava's validator. The servers are not
 * trusted, and neither is their AD bit.
 *
 * <p>An answer is secure if the validator reports it as secure. It is insecure if the validator proves that: for records it is sufficient
 * that the validator does not reject them; any other answer needs the validator's reason. Everything else is a failure, including every
 * case in which a required message could not be obtained. So an attacker cannot make a signed zone look unsigned by withholding its DS or
 * DNSKEY records.
 *
 * <p>The root is validated first. If that fails, nothing is queried: either the servers strip DNSSEC, or the trust anchor does not match
 * theirs, and no answer could be secure.
 */
final class Validation implements Upstream {

    /** How long a failed validation of the root is cached. */
    static final Duration ROOT_PAUSE = Duration.ofMinutes(1);

    private final Nameservers servers;
    private final ValidatingResolver validator;
    private final InstantSource clock;
    private final Clock wallClock;
    private volatile RootCheck root = new RootCheck(Optional.empty(), Instant.MIN);

    /** Result of the root's validation, and its expiry. */
    private record RootCheck(Optional<ParsedAnswer.Failed> obstacle, Instant until) {}

    /**
     * Sends no query yet.
     *
     * @param clock determines when the root is validated again
     * @param wallClock determines which signatures are valid
     */
    Validation(Nameservers servers, TrustAnchors anchors, InstantSource clock, Clock wallClock) {
        this.servers = servers;
        this.clock = clock;
        this.wallClock = wallClock;
        validator = new ValidatingResolver(new FailClosedResolver(), wallClock);
        configure(validator);
        // Removes trust anchors that a JVM-wide property of dnsjava may have added.
        validator.getTrustAnchors().clear();
        anchors.records().forEach(anchor -> validator.getTrustAnchors().store(new RRset(anchor)));
    }

    /**
     * RFC 6840 §5.11: one valid algorithm is enough. Otherwise an additional trust anchor of another, unused algorithm would make
     * everything bogus. As a side effect, a SHA-1 digest counts beside a stronger one (contrary to RFC 4509 §3). This is acceptable, since
     * no one can construct a key with a given SHA-1 digest.
     */
    private static void configure(ValidatingResolver validator) {
        Properties settings = new Properties();
        settings.setProperty("dnsjava.dnssec.harden_algo_downgrade", "false");
        try {
            validator.init(settings);
        } catch (IOException e) {
            throw new UncheckedIOException("The validator read a file although none is configured", e);
        }
    }

    @Override
    public Response ask(Chain chain, int type, Deadline deadline) throws InterruptedException {
        Optional<ParsedAnswer.Failed> obstacle = obstacle(deadline);
        return obstacle.isPresent() ? new Response(obstacle.get(), false) : prove(chain, type, deadline);
    }

    /**
     * Returns why nothing can be validated; empty if the root is valid. Concurrent threads may all query the root: it costs two messages
     * each.
     */
    private Optional<ParsedAnswer.Failed> obstacle(Deadline deadline) throws InterruptedException {
        RootCheck known = root;
        if (clock.instant().isBefore(known.until())) {
            return known.obstacle();
        }
        Response response = prove(Chain.from(Name.root), Type.SOA, deadline);
        if (response.secure()) {
            root = new RootCheck(Optional.empty(), Instant.MAX);
            return Optional.empty();
        }
        Optional<ParsedAnswer.Failed> useless = Optional.of(response.reading())
                .filter(ParsedAnswer.Failed.class::isInstance)
                .map(ParsedAnswer.Failed.class::cast);
        if (useless.filter(failure -> failure.cause() != Cause.BOGUS).isPresent()) {
            return useless;
        }
        String reason = useless.map(ParsedAnswer.Failed::detail).orElse("the root is not signed");
        ParsedAnswer.Failed obstacle = new ParsedAnswer.Failed(
                Cause.BOGUS,
                "DNSSEC is stripped by " + servers.names() + ", or the trust anchor does not match: " + reason);
        root = new RootCheck(Optional.of(obstacle), clock.instant().plus(ROOT_PAUSE));
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
            return Response.failed(Cause.TIMEOUT, "the time was over before " + chain.name() + " was proved");
        }
        return judge(query, verdict.get(), chain, type);
    }

    /** Interprets the validator's verdict of a search without failures. */
    Response judge(Message query, Message verdict, Chain chain, int type) {
        Optional<String> reason = reason(verdict);
        if (verdict.getRcode() != Rcode.NOERROR && verdict.getRcode() != Rcode.NXDOMAIN) {
            return bogus(chain, type, reason.orElse("no reason is known"));
        }
        boolean secure = verdict.getHeader().getFlag(Flags.AD);
        Chain limited = secure ? chain.atMost(secondsProved(verdict)) : chain;
        ParsedAnswer reading = MessageReader.read(query, verdict, limited, servers.names());
        if (!secure && reason.isEmpty() && !(reading instanceof ParsedAnswer.Data)) {
            return bogus(chain, type, "it is neither proved nor proved to be insecure");
        }
        return new Response(reading, secure);
    }

    private Response bogus(Chain chain, int type, String reason) {
        return Response.failed(
                Cause.BOGUS,
                Type.string(type) + " of " + chain.name() + " from " + servers.names() + " is bogus: "
                        + Printable.clean(reason));
    }

    /** Returns the reason that the validator gives for insecure and bogus. */
    private static Optional<String> reason(Message verdict) {
        return verdict.getSection(Section.ADDITIONAL).stream()
                .filter(record -> record.getDClass() == ValidatingResolver.VALIDATION_REASON_QCLASS)
                .filter(TXTRecord.class::isInstance)
                .map(record -> String.join("", ((TXTRecord) record).getStrings()))
                .findFirst();
    }

    /** RFC 4035 §5.3.3: the current TTL of a record is not signed, but its original TTL and the expiry of the signature are. */
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
