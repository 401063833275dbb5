// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.postroad.provider.internal.dns.SigningServer.Trick;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Modifications of an answer that an attacker on the path can make. */
final class Tricks {

    static final Trick SILENCE = truth -> Optional.empty();
    static final Trick SERVER_FAILURE = empty(Rcode.SERVFAIL);
    static final Trick REFUSAL = empty(Rcode.REFUSED);
    static final Trick NO_SUCH_NAME = empty(Rcode.NXDOMAIN);
    static final Trick NO_DATA = empty(Rcode.NOERROR);

    /** The correct header and question, followed by garbage. */
    static final Trick GARBAGE = truth -> {
        byte[] octets = truth.toWire();
        Arrays.fill(octets, octets.length / 2, octets.length, (byte) 0xff);
        return Optional.of(octets);
    };

    /** Over UDP and TCP. */
    static final Trick TRUNCATION = changing(truth -> {
        truth.getHeader().setFlag(Flags.TC);
        return truth;
    });

    /** What an upstream server without DNSSEC support does. */
    static final Trick STRIPPING = changing(truth -> without(truth, Type.RRSIG, Type.NSEC, Type.DS, Type.DNSKEY));

    static final Trick WITHOUT_SIGNATURES = changing(truth -> without(truth, Type.RRSIG));

    /** Other addresses with the original signatures. */
    static final Trick FORGERY = changing(truth -> {
        for (Record record : List.copyOf(truth.getSection(Section.ANSWER))) {
            if (record instanceof ARecord address) {
                truth.removeRecord(record, Section.ANSWER);
                truth.addRecord(
                        parse(address.getName() + " 300 IN A 203.0.113.66").get(0), Section.ANSWER);
            }
        }
        return truth;
    });

    private Tricks() {}

    /** Modifies the correct answer. */
    static Trick changing(UnaryOperator<Message> change) {
        return truth -> Optional.of(change.apply(truth).toWire());
    }

    /** Returns the correct answer with these records as its authority section, and no answer section. */
    static Trick authority(String records) {
        return changing(truth -> {
            truth.removeAllRecords(Section.ANSWER);
            truth.removeAllRecords(Section.AUTHORITY);
            parse(records).forEach(record -> truth.addRecord(record, Section.AUTHORITY));
            return truth;
        });
    }

    /** Replaces the answer section of the correct answer. */
    static Trick answer(String records) {
        return changing(truth -> {
            truth.removeAllRecords(Section.ANSWER);
            parse(records).forEach(record -> truth.addRecord(record, Section.ANSWER));
            return truth;
        });
    }

    static List<Record> parse(String records) {
        byte[] octets = records.getBytes(StandardCharsets.US_ASCII);
        try (Master master = new Master(new ByteArrayInputStream(octets), Name.root, SignedZone.TTL)) {
            List<Record> parsed = new ArrayList<>();
            for (Record next = master.nextRecord(); next != null; next = master.nextRecord()) {
                parsed.add(next);
            }
            return parsed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Message without(Message message, int... types) {
        Set<Integer> unwanted = Arrays.stream(types).boxed().collect(Collectors.toSet());
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
            for (Record record : List.copyOf(message.getSection(section))) {
                if (unwanted.contains(record.getType())) {
                    message.removeRecord(record, section);
                }
            }
        }
        return message;
    }

    private static Trick empty(int rcode) {
        return changing(truth -> {
            truth.removeAllRecords(Section.ANSWER);
            truth.removeAllRecords(Section.AUTHORITY);
            truth.getHeader().setRcode(rcode);
            return truth;
        });
    }
}
