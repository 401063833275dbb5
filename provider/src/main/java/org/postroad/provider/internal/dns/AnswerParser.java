// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postroad.provider.internal.dns.DnsExchange.MalformedException;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Reads the octets of an answer record by record, and keeps what the question needs, within limits: the one place where records are
 * counted. What dnsjava gets is small, whatever a server sends: parts of it take time quadratic in the number of records.
 *
 * <ul>
 *   <li>Of the answer section, the records of the type asked for, aliases, and signatures. It must be whole, and within the limits.
 *   <li>Of the authority section, what tells "no data" from a referral, and what proves it. Beyond a limit, or where its structure ends,
 *       an {@link UnreadableRecord} of type SOA stands for the rest: nothing may be taken for absent then.
 *   <li>Of the additional section, OPT, and of its options the extended errors.
 * </ul>
 *
 * <p>A record whose data cannot be read costs itself alone; see {@link UnreadableRecord}. All else, readable or not, is passed over.
 *
 * <p>The time that it takes is linear in the octets: names that are passed over are not expanded, and a name that is expanded has at most
 * {@value WireNames#MAX_POINTERS} compression pointers.
 */
final class AnswerParser {

    /** The most records of one type in a section; BIND takes 100, PowerDNS 256. */
    static final int MAX_RECORDS_OF_TYPE = 256;

    /** The most records of all types in a section. */
    static final int MAX_RECORDS = 1_000;

    private static final int HEADER = 12;

    /** Of a record, behind its name: type, class, TTL, length of the data. */
    private static final int FIXED = 2 + 2 + 4 + 2;

    private static final Set<Integer> ALIASES = Set.of(Type.CNAME, Type.DNAME);
    private static final Set<Integer> AUTHORITY = Set.of(Type.SOA, Type.NS);
    private static final Set<Integer> PROOFS = Set.of(Type.RRSIG, Type.NSEC, Type.NSEC3);

    private final ByteBuffer octets;
    private final WireNames names;
    private final int wantedType;
    private final boolean signed;
    private final Message message;

    private AnswerParser(Message query, byte[] octets) {
        this.octets = ByteBuffer.wrap(octets);
        this.names = new WireNames(octets);
        this.wantedType = query.getQuestion().getType();
        this.signed = query.getHeader().getFlag(Flags.CD);
        this.message = new Message(query.getHeader().getID());
        message.addRecord(query.getQuestion(), Section.QUESTION);
    }

    /**
     * Reads an answer.
     *
     * @param query what was asked; with CD set where signatures are wanted
     * @param octets of an answer to it, by {@link DnsExchange#isAnswer}
     * @throws MalformedException if they cannot be read, or go beyond a limit, and the response code is not an error either
     */
    static Message parse(Message query, byte[] octets) throws MalformedException {
        AnswerParser parser = new AnswerParser(query, octets);
        try {
            parser.readHeaderAndQuestion();
            parser.readAnswers();
            parser.readRest();
        } catch (BrokenException e) {
            if (parser.message.getRcode() == Rcode.NOERROR || parser.message.getRcode() == Rcode.NXDOMAIN) {
                throw new MalformedException("the answer cannot be read: " + e.getMessage());
            }
        }
        return parser.message;
    }

    /** The structure ends here, or goes beyond a limit. */
    static final class BrokenException extends IOException {
        private static final long serialVersionUID = 1;

        BrokenException(String message) {
            super(message);
        }
    }

    /** One record as it lies in the message. */
    private record Raw(int nameAt, int type, int dclass, long ttl, int dataAt, int length) {}

    private void readHeaderAndQuestion() throws BrokenException {
        int flags = octets.getShort(2) & 0xffff;
        for (int flag : new int[] {Flags.QR, Flags.AA, Flags.TC, Flags.RD, Flags.RA, Flags.AD, Flags.CD}) {
            if ((flags & 0x8000 >> flag) != 0) {
                message.getHeader().setFlag(flag);
            }
        }
        message.getHeader().setRcode(flags & 0xf);
        octets.position(HEADER);
        for (int i = 0; i < count(Section.QUESTION); i++) {
            octets.position(names.end(octets.position()));
            need(4);
            octets.position(octets.position() + 4);
        }
    }

    private void readAnswers() throws BrokenException {
        Counter counter = new Counter();
        for (int i = 0; i < count(Section.ANSWER); i++) {
            Raw raw = next(counter);
            if (raw.type() == wantedType || ALIASES.contains(raw.type()) || (signed && raw.type() == Type.RRSIG)) {
                counter.count(raw.type());
                add(record(raw), Section.ANSWER);
            }
        }
    }

    private void readRest() {
        try {
            Counter authority = new Counter();
            for (int i = 0; i < count(Section.AUTHORITY); i++) {
                Raw raw = next(authority);
                if (raw.dclass() == DClass.IN
                        && (AUTHORITY.contains(raw.type()) || (signed && PROOFS.contains(raw.type())))) {
                    authority.count(raw.type());
                    add(record(raw), Section.AUTHORITY);
                }
            }
            Counter additional = new Counter();
            for (int i = 0; i < count(Section.ADDITIONAL) && message.getOPT() == null; i++) {
                Raw raw = next(additional);
                if (raw.type() == Type.OPT) {
                    message.addRecord(opt(raw), Section.ADDITIONAL);
                }
            }
        } catch (BrokenException e) {
            message.addRecord(new UnreadableRecord(Name.root, Type.SOA, DClass.IN, 0, new byte[0]), Section.AUTHORITY);
        }
    }

    /** A proof that cannot be read proves nothing; another may. */
    private void add(Record record, int section) {
        if (!(record instanceof UnreadableRecord && PROOFS.contains(record.getType()))) {
            message.addRecord(record, section);
        }
    }

    private int count(int section) {
        return octets.getShort(4 + 2 * section) & 0xffff;
    }

    /** Records of one section so far. */
    private static final class Counter {
        private final Map<Integer, Integer> byType = new HashMap<>();
        private int all;

        void count() throws BrokenException {
            if (++all > MAX_RECORDS) {
                throw new BrokenException("it has more than " + MAX_RECORDS + " records in a section");
            }
        }

        void count(int type) throws BrokenException {
            if (byType.merge(type, 1, Integer::sum) > MAX_RECORDS_OF_TYPE) {
                throw new BrokenException(
                        "it has more than " + MAX_RECORDS_OF_TYPE + " " + Type.string(type) + " records");
            }
        }
    }

    private Raw next(Counter counter) throws BrokenException {
        counter.count();
        int nameAt = octets.position();
        octets.position(names.end(nameAt));
        need(FIXED);
        int type = octets.getShort() & 0xffff;
        int dclass = octets.getShort() & 0xffff;
        long ttl = octets.getInt() & 0xffff_ffffL;
        int length = octets.getShort() & 0xffff;
        need(length);
        int dataAt = octets.position();
        octets.position(dataAt + length);
        return new Raw(nameAt, type, dclass, ttl, dataAt, length);
    }

    private void need(int more) throws BrokenException {
        if (octets.remaining() < more) {
            throw new BrokenException("it ends too early");
        }
    }

    private Record record(Raw raw) throws BrokenException {
        Name owner = names.read(raw.nameAt());
        long ttl = raw.ttl() > Integer.MAX_VALUE ? 0 : raw.ttl(); // RFC 2181 §8
        byte[] data = Arrays.copyOfRange(octets.array(), raw.dataAt(), raw.dataAt() + raw.length());
        return readable(raw, owner, ttl, data)
                .orElseGet(() -> new UnreadableRecord(owner, raw.type(), DClass.IN, ttl, data));
    }

    /** Empty where the data are not of the type, or the class is not that of the question. */
    private Optional<Record> readable(Raw raw, Name owner, long ttl, byte[] data) {
        if (raw.dclass() != DClass.IN) {
            return Optional.empty();
        }
        try {
            byte[] expanded =
                    names.expand(raw.type(), raw.dataAt(), raw.length()).orElse(data);
            // dnsjava answers null, or throws what it never declared.
            return Optional.ofNullable(Record.newRecord(owner, raw.type(), DClass.IN, ttl, expanded));
        } catch (BrokenException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    /** RFC 6891 §6.1.3: the class is a size; the TTL holds the upper bits of the response code, the version and flags. */
    private OPTRecord opt(Raw raw) {
        int ttl = (int) raw.ttl();
        ByteBuffer options = octets.slice(raw.dataAt(), raw.length());
        return new OPTRecord(raw.dclass(), ttl >>> 24, ttl >>> 16 & 0xff, ttl & 0xffff, ExtendedErrors.read(options));
    }
}
