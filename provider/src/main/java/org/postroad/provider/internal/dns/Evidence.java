// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

/**
 * What of a message the validator may see.
 *
 * <p>The validator takes a message for insecure as soon as one of its record sets is under an unsigned zone, by its name or by the signer
 * that it claims. Whoever can change a message could so make any answer insecure, by adding a record of a zone of his own. Therefore:
 *
 * <ul>
 *   <li>only what answers the question, normalized; class IN is all that {@link AnswerParser} lets pass;
 *   <li>only signatures by a zone that contains both the record (RFC 4035 §5.3.1) and a name that was asked for or that aliases led to,
 *       which they do not where an alias itself was asked for;
 *   <li>in the authority section SOA and NS records only of such a zone, and denials only if so signed;
 *   <li>nothing of the additional section, where the validator's reason will stand.
 * </ul>
 */
final class Evidence {

    /** The most record sets in a section. */
    static final int MAX_SETS = 64;

    /** The most keys, and the most digests of keys, of a zone (CVE-2023-50387). */
    static final int MAX_KEYS = 32;

    /** The most signatures of a record set; the validator gives up at more. */
    static final int MAX_SIGNATURES = 8;

    /** Octets of the largest exponent of an RSA key; the usual one has three. */
    static final int MAX_EXPONENT = 8;

    /** Octets of the largest modulus of an RSA key (RFC 3110 §2). */
    static final int MAX_MODULUS = 512;

    /** The names that the validator hashes of one message (CVE-2023-50868), by its own limit. */
    static final int MAX_HASHED_NAMES = 8;

    /** The validator computes nothing where there are more iterations (RFC 5155 §10.3). */
    static final int MAX_ITERATIONS = 2_500;

    private static final Set<Integer> RSA = Set.of(
            DNSSEC.Algorithm.RSAMD5,
            DNSSEC.Algorithm.RSASHA1,
            DNSSEC.Algorithm.RSA_NSEC3_SHA1,
            DNSSEC.Algorithm.RSASHA256,
            DNSSEC.Algorithm.RSASHA512);

    private final Set<Name> names = new HashSet<>();
    private final boolean followsAliases;
    private final Message message;
    private int signatures;
    private int iterations;

    private Evidence(Message query) {
        followsAliases = query.getQuestion().getType() != Type.CNAME;
        message = FailClosedHead.reply(query);
        names.add(query.getQuestion().getName());
    }

    /** Empty where the message contradicts itself, or goes beyond a limit. */
    static Optional<Evidence> of(Message query, Message answer) {
        if (goesBeyondALimit(answer, Section.ANSWER) || goesBeyondALimit(answer, Section.AUTHORITY)) {
            return Optional.empty();
        }
        Optional<Message> normalized = normalized(query, answer);
        if (normalized.isEmpty()) {
            return Optional.empty();
        }
        Evidence evidence = new Evidence(query);
        evidence.message.getHeader().setRcode(answer.getRcode());
        normalized.get().getSectionRRsets(Section.ANSWER).forEach(evidence::addAnswer);
        normalized.get().getSectionRRsets(Section.AUTHORITY).forEach(evidence::addAuthority);
        return Optional.of(evidence);
    }

    /** What the validator gets to see. */
    Message message() {
        return message;
    }

    /** The most signatures that the validator will check for it: each is tried with one key. */
    int signatures() {
        return signatures;
    }

    /** The most hashes that the validator will compute for it (RFC 5155 §5). */
    int hashes() {
        return MAX_HASHED_NAMES * (1 + iterations);
    }

    /** Looked at before anything of dnsjava is, where sets are made in a time quadratic in their records. */
    private static boolean goesBeyondALimit(Message answer, int section) {
        Set<List<Object>> sets = new HashSet<>();
        int keys = 0;
        for (Record record : answer.getSection(section)) {
            if (record.getType() != Type.RRSIG) {
                sets.add(List.of(record.getName(), record.getType()));
            }
            if (record.getType() == Type.DNSKEY || record.getType() == Type.DS) {
                keys++;
            }
            if (sets.size() > MAX_SETS || keys > MAX_KEYS || (record instanceof DNSKEYRecord key && isTooLarge(key))) {
                return true;
            }
        }
        return false;
    }

    /** RFC 3110 §2: the length of the exponent, in one octet or three, the exponent, and the modulus. */
    private static boolean isTooLarge(DNSKEYRecord key) {
        byte[] octets = key.getKey();
        if (!RSA.contains(key.getAlgorithm()) || octets.length < 1) {
            return false;
        }
        int exponent = octets[0] & 0xff; // 0 where three octets hold the length
        return exponent == 0 || exponent > MAX_EXPONENT || octets.length - 1 - exponent > MAX_MODULUS;
    }

    /**
     * Drops what was not asked for, and makes the CNAME records that DNAME records imply (CVE-2024-25638). Empty where that cannot be done:
     * dnsjava takes the signature of an alias that is not there for the alias, and throws what it never declared.
     */
    private static Optional<Message> normalized(Message query, Message answer) {
        try {
            return Optional.ofNullable(answer.normalize(query, false));
        } catch (WireParseException | RuntimeException contradiction) {
            return Optional.empty();
        }
    }

    private void addAnswer(RRset set) {
        if (followsAliases && set.getType() == Type.CNAME && set.size() > 0) {
            names.add(((CNAMERecord) set.first()).getTarget());
        }
        add(set, signatures(set), Section.ANSWER);
    }

    private void addAuthority(RRset set) {
        List<RRSIGRecord> signatures = signatures(set);
        if (set.first() instanceof UnreadableRecord) {
            return;
        }
        boolean denial = set.getType() == Type.NSEC || set.getType() == Type.NSEC3;
        if (denial ? !signatures.isEmpty() : isAboveAName(set.getName())) {
            add(set, signatures, Section.AUTHORITY);
        }
    }

    private void add(RRset set, List<RRSIGRecord> signaturesOfSet, int section) {
        if (set.size() > 0) {
            set.rrs(false).forEach(record -> message.addRecord(record, section));
            signaturesOfSet.forEach(signature -> message.addRecord(signature, section));
            signatures += signaturesOfSet.size();
            if (set.first() instanceof NSEC3Record denial && denial.getIterations() <= MAX_ITERATIONS) {
                iterations = Math.max(iterations, denial.getIterations());
            }
        }
    }

    private List<RRSIGRecord> signatures(RRset set) {
        return set.sigs().stream()
                .filter(signature -> set.getName().subdomain(signature.getSigner()))
                .filter(signature -> isAboveAName(signature.getSigner()))
                .limit(MAX_SIGNATURES)
                .toList();
    }

    private boolean isAboveAName(Name zone) {
        return names.stream().anyMatch(name -> name.subdomain(zone));
    }
}
