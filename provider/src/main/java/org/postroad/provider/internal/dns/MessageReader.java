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
 * Decides what a message says. Of the answer section only what the question's name and its aliases lead to counts (CVE-2024-25638), in any
 * order. First match wins:
 *
 * <ol>
 *   <li>a response code other than NOERROR and NXDOMAIN: useless;
 *   <li>records of the type asked for, at the name or the end of its aliases: found, as far as they can be read; useless if none can;
 *   <li>an alias itself is asked for, and a DNAME implies one: found;
 *   <li>more aliases than {@link Chain#MAX_ALIASES}: useless;
 *   <li>an authority section that cannot be read: useless;
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
            return new Reading.Useless(Cause.MALFORMED, server + " cut its answer short");
        }
        if (answer.getRcode() != Rcode.NOERROR && answer.getRcode() != Rcode.NXDOMAIN) {
            return errorCode(answer, server);
        }
        int type = query.getQuestion().getType();
        List<Record> answers = answer.getSection(Section.ANSWER);
        Chain chain = start;
        while (!chain.isTooLong()) {
            Optional<Target> alias = alias(answers, chain.name());
            List<Record> found = find(answers, chain.name(), type);
            if (!found.isEmpty() && alias.filter(Target::ofTree).isEmpty()) {
                return records(found, chain, server);
            } else if (alias.isEmpty()) {
                return negative(answer, chain, chain.aliases() > start.aliases(), server);
            } else if (alias.get().name().isEmpty()) {
                return new Reading.Useless(
                        Cause.MALFORMED, server + " sent an alias of " + chain.name() + " that leads nowhere");
            } else if (type == Type.CNAME) {
                return records(List.of(implied(chain.name(), alias.get())), chain, server);
            }
            chain = chain.follow(alias.get().name().get(), alias.get().ttl());
        }
        return new Reading.Useless(
                Cause.ALIAS_CHAIN, server + " knows more than " + Chain.MAX_ALIASES + " aliases in a row");
    }

    private static Reading errorCode(Message answer, String server) {
        Optional<ExtendedErrorCodeOption> extended = extendedError(answer);
        String detail = server + " said " + Rcode.string(answer.getRcode())
                + extended.map(MessageReader::describe).orElse("");
        if (answer.getRcode() != Rcode.SERVFAIL) {
            return new Reading.Useless(Cause.REFUSED, detail);
        }
        boolean bogus =
                extended.filter(error -> BOGUS.contains(error.getErrorCode())).isPresent();
        return new Reading.Useless(bogus ? Cause.BOGUS : Cause.SERVER_FAILURE, detail);
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

    /** Readable or not. */
    private static List<Record> find(List<Record> records, Name owner, int type) {
        return records.stream()
                .filter(record -> record.getType() == type && record.getName().equals(owner))
                .toList();
    }

    /** Those that can be read, each once: as with Postfix, one that cannot be read costs itself alone. */
    private static Reading records(List<Record> found, Chain chain, String server) {
        List<Record> readable = readable(found).distinct().toList();
        if (readable.isEmpty()) {
            return new Reading.Useless(
                    Cause.MALFORMED,
                    server + " sent " + Type.string(found.get(0).getType()) + " records of " + chain.name()
                            + " that cannot be read");
        }
        return new Reading.Records(readable, chain.atMost(leastTtl(readable)));
    }

    private static Stream<Record> readable(List<Record> records) {
        return records.stream().filter(record -> !(record instanceof UnreadableRecord));
    }

    private static long leastTtl(List<Record> records) {
        return records.stream().mapToLong(Record::getTTL).min().orElse(0);
    }

    /**
     * Where an alias leads.
     *
     * @param name empty where it leads nowhere: it cannot be read, is ambiguous, or gets too long
     * @param ofTree whether it is that of a whole tree of names (RFC 6672), which has no records of its own, whatever else is said
     */
    private record Target(Optional<Name> name, long ttl, boolean ofTree) {}

    /** DNAME goes before CNAME: the CNAME that it implies need not be there, or could contradict it (CVE-2024-25638). */
    private static Optional<Target> alias(List<Record> answers, Name name) {
        List<Record> trees = answers.stream()
                .filter(record -> record.getType() == Type.DNAME)
                .filter(record -> name.subdomain(record.getName()) && !name.equals(record.getName()))
                .toList();
        if (!trees.isEmpty()) {
            Optional<Name> target = readable(trees).distinct().count() == 1
                    ? readable(trees).findFirst().flatMap(tree -> below((DNAMERecord) tree, name))
                    : Optional.empty();
            return Optional.of(new Target(target, leastTtl(trees), true));
        }
        List<Record> aliases = find(answers, name, Type.CNAME);
        if (aliases.isEmpty()) {
            return Optional.empty();
        }
        Optional<Name> target = readable(aliases).findFirst().map(alias -> ((CNAMERecord) alias).getTarget());
        return Optional.of(new Target(target, leastTtl(aliases), false));
    }

    /** RFC 6672 §3.1: where aliases themselves are asked for, what a DNAME says of a name below it. */
    private static Record implied(Name name, Target target) {
        return new CNAMERecord(name, DClass.IN, target.ttl(), target.name().orElseThrow());
    }

    private static Optional<Name> below(DNAMERecord tree, Name name) {
        try {
            return Optional.of(name.fromDNAME(tree));
        } catch (NameTooLongException e) {
            return Optional.empty();
        }
    }

    /** The authority section is read as it came: records that normalizing drops can still make an answer a referral. */
    private static Reading negative(Message answer, Chain chain, boolean aliased, String server) {
        List<Record> authority = answer.getSection(Section.AUTHORITY);
        Optional<SOARecord> soa = authority.stream()
                .filter(SOARecord.class::isInstance)
                .map(SOARecord.class::cast)
                .filter(record -> chain.name().subdomain(record.getName()))
                .findFirst();
        if (soa.isEmpty() && authority.stream().anyMatch(MessageReader::isUnreadableSoa)) {
            return new Reading.Useless(
                    Cause.MALFORMED, server + " sent an answer whose authority section cannot be read");
        }
        long seconds = soa.map(record -> Math.min(record.getTTL(), record.getMinimum()))
                .orElse(0L);
        if (answer.getRcode() == Rcode.NXDOMAIN) {
            return new Reading.NoSuchName(chain.atMost(seconds).ttl());
        } else if (aliased && soa.isEmpty()) {
            return new Reading.Alias(chain);
        } else if (soa.isEmpty() && authority.stream().anyMatch(record -> record.getType() == Type.NS)) {
            return new Reading.Useless(Cause.LAME, server + " answered with a referral");
        }
        return new Reading.NoData(chain.atMost(seconds).ttl());
    }

    private static boolean isUnreadableSoa(Record record) {
        return record.getType() == Type.SOA && record instanceof UnreadableRecord;
    }
}
