// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.Printable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

/**
 * Decides what a message says. In this order, first match wins:
 *
 * <ol>
 *   <li>a response code other than NOERROR and NXDOMAIN: useless;
 *   <li>records of the type asked for, at the name or the end of its aliases: found;
 *   <li>more aliases than {@link Chain#MAX_ALIASES}: useless;
 *   <li>NXDOMAIN: no such name, which speaks of the last name (RFC 2308 §2.1);
 *   <li>aliases, and nothing about the last name: ask for that;
 *   <li>NS records without SOA: a referral, useless to us who asked for recursion;
 *   <li>otherwise no data, with or without SOA (RFC 2308 §2.2).
 * </ol>
 */
final class MessageReader {

    /** RFC 8914 §4: the extended errors by which a validator says that it found the data false. */
    private static final Set<Integer> BOGUS = Set.of(
            ExtendedErrorCodeOption.DNSSEC_BOGUS,
            ExtendedErrorCodeOption.SIGNATURE_EXPIRED,
            ExtendedErrorCodeOption.SIGNATURE_NOT_YET_VALID,
            ExtendedErrorCodeOption.DNSKEY_MISSING,
            ExtendedErrorCodeOption.RRSIGS_MISSING,
            ExtendedErrorCodeOption.NO_ZONE_KEY_BIT_SET,
            ExtendedErrorCodeOption.NSEC_MISSING);

    private MessageReader() {}

    static Reading read(Message query, Message answer, Chain start, String server) {
        if (answer.getHeader().getFlag(Flags.TC)) {
            return new Reading.Useless(Cause.MALFORMED, server + " cut its answer short", false);
        }
        if (answer.getRcode() != Rcode.NOERROR && answer.getRcode() != Rcode.NXDOMAIN) {
            return errorCode(answer, server);
        }
        Optional<Message> clean = normalized(query, answer);
        if (clean.isEmpty()) {
            return new Reading.Useless(Cause.MALFORMED, server + " sent an answer that contradicts itself", false);
        }
        int type = query.getQuestion().getType();
        List<RRset> answers = clean.get().getSectionRRsets(Section.ANSWER);
        Chain chain = start;
        while (!chain.isTooLong()) {
            Optional<RRset> found = find(answers, chain.name(), type);
            if (found.isPresent()) {
                return new Reading.Records(
                        found.get().rrs(false), chain.atMost(found.get().getTTL()));
            }
            Optional<RRset> alias = find(answers, chain.name(), Type.CNAME);
            if (alias.isEmpty()) {
                return negative(answer, chain, chain.aliases() > start.aliases(), server);
            }
            Name target = ((CNAMERecord) alias.get().first()).getTarget();
            chain = chain.follow(target, alias.get().getTTL());
        }
        return new Reading.Useless(
                Cause.ALIAS_CHAIN, server + " knows more than " + Chain.MAX_ALIASES + " aliases in a row", false);
    }

    private static Reading errorCode(Message answer, String server) {
        Optional<ExtendedErrorCodeOption> extended = extendedError(answer);
        String detail = server + " said " + Rcode.string(answer.getRcode())
                + extended.map(MessageReader::describe).orElse("");
        if (answer.getRcode() != Rcode.SERVFAIL) {
            return new Reading.Useless(Cause.REFUSED, detail, false);
        }
        boolean bogus =
                extended.filter(error -> BOGUS.contains(error.getErrorCode())).isPresent();
        return new Reading.Useless(bogus ? Cause.BOGUS : Cause.SERVER_FAILURE, detail, false);
    }

    private static Optional<ExtendedErrorCodeOption> extendedError(Message answer) {
        return Optional.ofNullable(answer.getOPT())
                .flatMap(opt -> opt.getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR).stream()
                        .findFirst())
                .map(ExtendedErrorCodeOption.class::cast);
    }

    private static String describe(ExtendedErrorCodeOption error) {
        String text = Optional.ofNullable(error.getText()).orElse("");
        return " (extended error " + error.getErrorCode() + " " + ExtendedErrorCodeOption.text(error.getErrorCode())
                + (text.isEmpty() ? "" : ": " + Printable.clean(text)) + ")";
    }

    /**
     * Drops what was not asked for, and makes the CNAME records that DNAME records imply (CVE-2024-25638). Empty where that cannot be done:
     * dnsjava takes the signature of an alias that is not there for the alias, and throws what it never declared.
     */
    static Optional<Message> normalized(Message query, Message answer) {
        try {
            return Optional.ofNullable(answer.normalize(query, false));
        } catch (WireParseException | RuntimeException contradiction) {
            return Optional.empty();
        }
    }

    private static Optional<RRset> find(List<RRset> sets, Name owner, int type) {
        return sets.stream()
                .filter(set -> set.getType() == type && set.getName().equals(owner) && set.size() > 0)
                .findFirst();
    }

    /** The authority section is read as it came: records that normalizing drops can still make an answer a referral. */
    private static Reading negative(Message answer, Chain chain, boolean aliased, String server) {
        List<Record> authority = answer.getSection(Section.AUTHORITY);
        Optional<SOARecord> soa = authority.stream()
                .filter(SOARecord.class::isInstance)
                .map(SOARecord.class::cast)
                .filter(record -> chain.name().subdomain(record.getName()))
                .findFirst();
        long seconds = soa.map(record -> Math.min(record.getTTL(), record.getMinimum()))
                .orElse(0L);
        if (answer.getRcode() == Rcode.NXDOMAIN) {
            return new Reading.NoSuchName(chain.atMost(seconds).ttl());
        } else if (aliased && soa.isEmpty()) {
            return new Reading.Alias(chain);
        } else if (soa.isEmpty() && authority.stream().anyMatch(record -> record.getType() == Type.NS)) {
            return new Reading.Useless(Cause.LAME, server + " answered with a referral", false);
        }
        return new Reading.NoData(chain.atMost(seconds).ttl());
    }
}
