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
 * The part of a message that is passed to the validator.
 *
 * <p>The validator reports a message as insecure as soon as one of its record sets belongs to an unsigned zone, by its name or by its
 * alleged signer. An attacker who can modify a message could therefore make any answer insecure by adding a record of an unsigned zone. For
 * this reason the validator receives only:
 *
 * <ul>
 *   <li>what answers the query, normalized; {@link AnswerParser} keeps only class IN;
 *   <li>signatures by a zone that contains both the record (RFC 4035 §5.3.1) and a queried name. The queried names include those that
 *       aliases lead to, unless the alias itself was queried;
 *   <li>in the authority section, SOA and NS records of such a zone, and denials with such a signature;
 *   <li>nothing of the additional section, in which the validator puts its reason.
 * </ul>
 */
final class ValidatorInput {

    /** Maximum number of record sets in a section. */
    static final int MAX_SETS = 64;

    /** Maximum number of DNSKEY and DS records in a section (CVE-2023-50387). */
    static final int MAX_KEYS = 32;

    /** Maximum number of signatures of a record set; with more, the validator gives up. */
    static final int MAX_SIGNATURES = 8;

    /** Maximum size of the exponent of an RSA key, in octets; three are usual. */
    static final int MAX_EXPONENT = 8;

    /** Maximum size of the modulus of an RSA key, in octets (RFC 3110 §2). */
    static final int MAX_MODULUS = 512;

    /** The validator's own limit on the names that it hashes for one message (CVE-2023-50868). */
    static final int MAX_HASHED_NAMES = 8;

    /** The validator computes no hashes with more iterations than this (RFC 5155 §10.3). */
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

    private ValidatorInput(Message query) {
        followsAliases = query.getQuestion().getType() != Type.CNAME;
        message = FailClosedResolver.reply(query);
        names.add(query.getQuestion().getName());
    }

    /** Returns empty if the message is inconsistent or exceeds a limit. */
    static Optional<ValidatorInput> of(Message query, Message answer) {
        if (goesBeyondALimit(answer, Section.ANSWER) || goesBeyondALimit(answer, Section.AUTHORITY)) {
            return Optional.empty();
        }
        Optional<Message> normalized = normalized(query, answer);
        if (normalized.isEmpty()) {
            return Optional.empty();
        }
        ValidatorInput input = new ValidatorInput(query);
        input.message.getHeader().setRcode(answer.getRcode());
        normalized.get().getSectionRRsets(Section.ANSWER).forEach(input::addAnswer);
        normalized.get().getSectionRRsets(Section.AUTHORITY).forEach(input::addAuthority);
        return Optional.of(input);
    }

    /** Returns the message to pass to the validator. */
    Message message() {
        return message;
    }

    /** Returns the maximum number of signatures that the validator verifies for this message; it tries one key for each. */
    int signatures() {
        return signatures;
    }

    /** Returns the maximum number of hashes that the validator computes for this message (RFC 5155 §5). */
    int hashes() {
        return MAX_HASHED_NAMES * (1 + iterations);
    }

    /** Checks the limits first, because dnsjava takes time quadratic in the number of records to build record sets. */
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

    /** RFC 3110 §2: the length of the exponent in one or three octets, the exponent, and the modulus. */
    private static boolean isTooLarge(DNSKEYRecord key) {
        byte[] octets = key.getKey();
        if (!RSA.contains(key.getAlgorithm()) || octets.length < 1) {
            return false;
        }
        int exponent = octets[0] & 0xff; // 0 if the length takes three octets
        return exponent == 0 || exponent > MAX_EXPONENT || octets.length - 1 - exponent > MAX_MODULUS;
    }

    /**
     * Drops the records that were not queried, and adds the CNAME records implied by DNAME records (CVE-2024-25638). Returns empty if this
     * fails: dnsjava treats the signature of a missing alias as the alias itself, and throws undeclared exceptions.
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
