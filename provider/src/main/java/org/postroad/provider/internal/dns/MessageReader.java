// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.Printable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Interprets an answer. In the answer section, only records of the queried name and its aliases count (CVE-2024-25638), in any order. The
 * first match applies:
 *
 * <ol>
 *   <li>truncated: useless;
 *   <li>a response code other than NOERROR and NXDOMAIN: useless;
 *   <li>records of the queried type, at the name or the end of its aliases: found, without those that cannot be parsed; useless if none
 *       can;
 *   <li>an alias without a usable target: useless;
 *   <li>an alias was queried, and a DNAME implies one: found;
 *   <li>more aliases than {@link Chain#MAX_ALIASES}: useless;
 *   <li>an authority section or SOA record that cannot be parsed, and no other SOA record for the last name: useless;
 *   <li>NXDOMAIN: no such name; this refers to the last name of the chain (RFC 2308 §2.1);
 *   <li>aliases, and nothing about the last name: query that name;
 *   <li>NS records without SOA: a referral, useless since recursion was requested;
 *   <li>otherwise no data, with or without SOA (RFC 2308 §2.2).
 * </ol>
 */
final class MessageReader {

    /** Extended errors by which a validator reports bogus data (RFC 8914 §4). */
    private static final Set<Integer> BOGUS = Set.of(
            ExtendedErrorCodeOption.DNSSEC_BOGUS,
            ExtendedErrorCodeOption.SIGNATURE_EXPIRED,
            ExtendedErrorCodeOption.SIGNATURE_NOT_YET_VALID,
            ExtendedErrorCodeOption.DNSKEY_MISSING,
            ExtendedErrorCodeOption.RRSIGS_MISSING,
            ExtendedErrorCodeOption.NO_ZONE_KEY_BIT_SET,
            ExtendedErrorCodeOption.NSEC_MISSING);

    private MessageReader() {}

    static ParsedAnswer read(Message query, Message answer, Chain start, String server) {
        if (answer.getHeader().getFlag(Flags.TC)) {
            return new ParsedAnswer.Failed(Cause.MALFORMED, server + " sent a truncated answer");
        }
        if (answer.getRcode() != Rcode.NOERROR && answer.getRcode() != Rcode.NXDOMAIN) {
            return errorCode(answer, server);
        }
        int type = query.getQuestion().getType();
        List<Record> answers = answer.getSection(Section.ANSWER);
        Chain chain = start;
        while (!chain.isTooLong()) {
            Optional<AliasTarget> alias = alias(answers, chain.name());
            List<Record> found = find(answers, chain.name(), type);
            if (!found.isEmpty() && alias.filter(AliasTarget::fromDname).isEmpty()) {
                return records(found, chain, server);
            } else if (alias.isEmpty()) {
                boolean aliased = chain.aliases().size() > start.aliases().size();
                return negative(answer, chain, aliased, server);
            } else if (alias.get().name().isEmpty()) {
                return new ParsedAnswer.Failed(
                        Cause.MALFORMED, server + " sent an alias of " + chain.name() + " without a valid target");
            } else if (type == Type.CNAME) {
                return records(List.of(implied(chain.name(), alias.get())), chain, server);
            }
            chain = chain.follow(alias.get().name().get(), alias.get().ttl());
        }
        return new ParsedAnswer.Failed(
                Cause.ALIAS_CHAIN, server + " returned more than " + Chain.MAX_ALIASES + " chained aliases");
    }

    private static ParsedAnswer errorCode(Message answer, String server) {
        Optional<ExtendedErrorCodeOption> extended = extendedError(answer);
        String detail = server + " replied " + Rcode.string(answer.getRcode())
                + extended.map(MessageReader::describe).orElse("");
        if (answer.getRcode() != Rcode.SERVFAIL) {
            return new ParsedAnswer.Failed(Cause.REFUSED, detail);
        }
        boolean bogus =
                extended.filter(error -> BOGUS.contains(error.getErrorCode())).isPresent();
        return new ParsedAnswer.Failed(bogus ? Cause.BOGUS : Cause.SERVER_FAILURE, detail);
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

    /** Includes unreadable records. */
    private static List<Record> find(List<Record> records, Name owner, int type) {
        return records.stream()
                .filter(record -> record.getType() == type && record.getName().equals(owner))
                .toList();
    }

    /** Keeps the records that can be parsed, without duplicates. As in Postfix, an unreadable record does not affect the others. */
    private static ParsedAnswer records(List<Record> found, Chain chain, String server) {
        List<Record> readable = readable(found).distinct().toList();
        if (readable.isEmpty()) {
            return new ParsedAnswer.Failed(
                    Cause.MALFORMED,
                    server + " sent " + Type.string(found.get(0).getType()) + " records of " + chain.name()
                            + " that cannot be read");
        }
        return new ParsedAnswer.Data(readable, chain.atMost(leastTtl(readable)));
    }

    private static Stream<Record> readable(List<Record> records) {
        return records.stream().filter(record -> !(record instanceof UnreadableRecord));
    }

    private static long leastTtl(List<Record> records) {
        return records.stream().mapToLong(Record::getTTL).min().orElse(0);
    }

    /**
     * Target of an alias.
     *
     * @param name empty if there is no usable target: it cannot be parsed, is ambiguous, or becomes too long
     * @param fromDname whether the alias is a DNAME (RFC 6672), so that the name has no records of its own, whatever else the answer
     *     contains
     */
    private record AliasTarget(Optional<Name> name, long ttl, boolean fromDname) {}

    /** A DNAME takes precedence over a CNAME: the CNAME that it implies may be missing, or could contradict it (CVE-2024-25638). */
    private static Optional<AliasTarget> alias(List<Record> answers, Name name) {
        List<Record> trees = answers.stream()
                .filter(record -> record.getType() == Type.DNAME)
                .filter(record -> name.subdomain(record.getName()) && !name.equals(record.getName()))
                .toList();
        if (!trees.isEmpty()) {
            Optional<Name> target = readable(trees).distinct().count() == 1
                    ? readable(trees).findFirst().flatMap(tree -> below((DNAMERecord) tree, name))
                    : Optional.empty();
            return Optional.of(new AliasTarget(target, leastTtl(trees), true));
        }
        List<Record> aliases = find(answers, name, Type.CNAME);
        if (aliases.isEmpty()) {
            return Optional.empty();
        }
        Optional<Name> target = readable(aliases).findFirst().map(alias -> ((CNAMERecord) alias).getTarget());
        return Optional.of(new AliasTarget(target, leastTtl(aliases), false));
    }

    /** Returns the CNAME record that a DNAME implies (RFC 6672 §3.1), for queries of type CNAME. */
    private static Record implied(Name name, AliasTarget target) {
        return new CNAMERecord(name, DClass.IN, target.ttl(), target.name().orElseThrow());
    }

    private static Optional<Name> below(DNAMERecord tree, Name name) {
        try {
            return Optional.of(name.fromDNAME(tree));
        } catch (NameTooLongException e) {
            return Optional.empty();
        }
    }

    /** Uses the authority section before normalization: records that normalization drops can still make an answer a referral. */
    private static ParsedAnswer negative(Message answer, Chain chain, boolean aliased, String server) {
        List<Record> authority = answer.getSection(Section.AUTHORITY);
        Optional<SOARecord> soa = authority.stream()
                .filter(SOARecord.class::isInstance)
                .map(SOARecord.class::cast)
                .filter(record -> chain.name().subdomain(record.getName()))
                .findFirst();
        if (soa.isEmpty() && authority.stream().anyMatch(MessageReader::isUnreadableSoa)) {
            return new ParsedAnswer.Failed(
                    Cause.MALFORMED, server + " sent an answer whose authority section cannot be read");
        }
        long seconds = soa.map(record -> Math.min(record.getTTL(), record.getMinimum()))
                .orElse(0L);
        if (answer.getRcode() == Rcode.NXDOMAIN) {
            return new ParsedAnswer.NoSuchName(chain.atMost(seconds));
        } else if (aliased && soa.isEmpty()) {
            return new ParsedAnswer.Alias(chain);
        } else if (soa.isEmpty() && authority.stream().anyMatch(record -> record.getType() == Type.NS)) {
            return new ParsedAnswer.Failed(Cause.LAME, server + " answered with a referral");
        }
        return new ParsedAnswer.NoData(chain.atMost(seconds));
    }

    private static boolean isUnreadableSoa(Record record) {
        return record.getType() == Type.SOA && record instanceof UnreadableRecord;
    }
}
