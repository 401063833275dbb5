// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postroad.provider.internal.dns.WireNames.BrokenException;
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
 * Parses an answer record by record and keeps, within limits, only what the query needs. This is the only place where records are counted.
 * It keeps the input of dnsjava small whatever a server sends, because parts of dnsjava take time quadratic in the number of records.
 *
 * <ul>
 *   <li>Answer section: keeps records of the queried type, aliases, and signatures. The section must be complete and within the limits.
 *   <li>Authority section: keeps what distinguishes "no data" from a referral, and what proves it. After a limit or a broken structure, an
 *       {@link UnreadableRecord} of type SOA stands for the rest: no record may then be taken to be absent.
 *   <li>Additional section: keeps OPT, and of its options the extended errors.
 * </ul>
 *
 * <p>A record whose data cannot be parsed does not affect the other records; see {@link UnreadableRecord}. Records not listed above are
 * skipped, whether they can be parsed or not.
 *
 * <p>Parsing takes time linear in the number of octets: names that are skipped are not expanded, and a name that is expanded has at most
 * {@value WireNames#MAX_POINTERS} compression pointers.
 */
final class AnswerParser {

    /** Maximum number of records of one type in a section; BIND accepts 100, PowerDNS 256. */
    static final int MAX_RECORDS_OF_TYPE = 256;

    /** Maximum number of records of all types in a section. */
    static final int MAX_RECORDS = 1_000;

    private static final int HEADER = 12;

    /** Octets of type, class, TTL and data length, which follow the name of a record. */
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
     * Parses an answer.
     *
     * @param query the query; its CD flag is set if signatures are wanted
     * @param octets an answer to the query, as checked by {@link AnswerMatch#isAnswer}
     * @throws MalformedException if the answer cannot be parsed or exceeds a limit, and its response code is not an error
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

    /** The octets received are not an answer to the query, or cannot be parsed. */
    static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }
    }

    /** Position and header fields of one record in the message. */
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

    /** Adds the record, except for an unreadable proof: it proves nothing, but another one may. */
    private void add(Record record, int section) {
        if (!(record instanceof UnreadableRecord && PROOFS.contains(record.getType()))) {
            message.addRecord(record, section);
        }
    }

    private int count(int section) {
        return octets.getShort(4 + 2 * section) & 0xffff;
    }

    /** Counts the records of one section. */
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

    /** Returns empty if the data do not fit the type, or the class is not that of the query. */
    private Optional<Record> readable(Raw raw, Name owner, long ttl, byte[] data) {
        if (raw.dclass() != DClass.IN) {
            return Optional.empty();
        }
        try {
            byte[] expanded =
                    names.expand(raw.type(), raw.dataAt(), raw.length()).orElse(data);
            // dnsjava may return null, or throw an undeclared exception.
            return Optional.ofNullable(Record.newRecord(owner, raw.type(), DClass.IN, ttl, expanded));
        } catch (BrokenException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    /** RFC 6891 §6.1.3: the class field is a size; the TTL field holds the upper bits of the response code, the version and flags. */
    private OPTRecord opt(Raw raw) {
        int ttl = (int) raw.ttl();
        ByteBuffer options = octets.slice(raw.dataAt(), raw.length());
        return new OPTRecord(raw.dclass(), ttl >>> 24, ttl >>> 16 & 0xff, ttl & 0xffff, ExtendedErrors.read(options));
    }
}
