// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * What of a message the validator may see.
 *
 * <p>The validator takes a message for insecure as soon as one of its record sets is under an unsigned zone, by its name or by the signer
 * that it claims. Whoever can change a message could so make any answer insecure, by adding a record of a zone of his own. Therefore:
 *
 * <ul>
 *   <li>only what answers the question, normalized, and only class IN;
 *   <li>only signatures by a zone that contains both the record (RFC 4035 §5.3.1) and a name that was asked for or that aliases led to,
 *       which they do not where an alias itself was asked for;
 *   <li>in the authority section SOA and NS records only of such a zone, and denials only if so signed;
 *   <li>nothing of the additional section, where the validator's reason will stand.
 * </ul>
 */
final class Evidence {

    /** The most record sets in a section. */
    static final int MAX_SETS = 64;

    private final Set<Name> names = new HashSet<>();
    private final boolean followsAliases;
    private final Message evidence;

    private Evidence(Message query) {
        followsAliases = query.getQuestion().getType() != Type.CNAME;
        evidence = FailClosedHead.reply(query);
        names.add(query.getQuestion().getName());
    }

    /** Empty where the message contradicts itself, or goes beyond a limit. */
    static Optional<Message> of(Message query, Message answer) {
        Optional<Message> normalized = MessageReader.normalized(query, answer);
        if (normalized.isEmpty()) {
            return Optional.empty();
        }
        List<RRset> answers = normalized.get().getSectionRRsets(Section.ANSWER);
        List<RRset> authority = normalized.get().getSectionRRsets(Section.AUTHORITY);
        if (answers.size() > MAX_SETS
                || authority.size() > MAX_SETS
                || !isInternet(answers)
                || !isInternet(authority)) {
            return Optional.empty();
        }
        Evidence evidence = new Evidence(query);
        evidence.evidence.getHeader().setRcode(answer.getRcode());
        answers.forEach(evidence::addAnswer);
        authority.forEach(evidence::addAuthority);
        return Optional.of(evidence.evidence);
    }

    private static boolean isInternet(List<RRset> sets) {
        return sets.stream().allMatch(set -> set.getDClass() == DClass.IN);
    }

    private void addAnswer(RRset set) {
        if (followsAliases && set.getType() == Type.CNAME && set.size() > 0) {
            names.add(((CNAMERecord) set.first()).getTarget());
        }
        add(set, signatures(set), Section.ANSWER);
    }

    private void addAuthority(RRset set) {
        List<RRSIGRecord> signatures = signatures(set);
        boolean denial = set.getType() == Type.NSEC || set.getType() == Type.NSEC3;
        if (denial ? !signatures.isEmpty() : isAboveAName(set.getName())) {
            add(set, signatures, Section.AUTHORITY);
        }
    }

    private void add(RRset set, List<RRSIGRecord> signatures, int section) {
        if (set.size() > 0) {
            set.rrs(false).forEach(record -> evidence.addRecord(record, section));
            signatures.forEach(signature -> evidence.addRecord(signature, section));
        }
    }

    private List<RRSIGRecord> signatures(RRset set) {
        return set.sigs().stream()
                .filter(signature -> set.getName().subdomain(signature.getSigner()))
                .filter(signature -> isAboveAName(signature.getSigner()))
                .toList();
    }

    private boolean isAboveAName(Name zone) {
        return names.stream().anyMatch(name -> name.subdomain(zone));
    }
}
