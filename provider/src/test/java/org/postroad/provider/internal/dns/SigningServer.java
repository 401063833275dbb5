// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A DNS server on loopback, UDP and TCP. It answers like a resolver that has the whole tree of its zones, signs its answers when they are
 * sent, and does not validate. It always sets the AD bit, so a test fails if the client trusts that bit.
 *
 * <p>It is in this package because the other fixtures do without dnsjava, so that no codec is tested against itself. Here signing is tested
 * against dnsjava's validator, which shares only the arithmetic with dnsjava's signer.
 */
final class SigningServer implements AutoCloseable {

    private static final int MAX_MESSAGE = 0xffff;
    private static final int PLAIN_UDP = 512;
    private static final int MAX_CHASE = 20;
    private static final int BIND_TRIES = 40;

    private final List<SignedZone> zones;
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private final Map<String, Trick> tricks = new ConcurrentHashMap<>();

    /** Creates the octets to send instead of the correct answer; empty to send nothing. */
    interface Trick {
        Optional<byte[]> play(Message truth);
    }

    private SigningServer(List<SignedZone> zones, DatagramSocket udp, ServerSocket tcp) {
        this.zones = zones;
        this.udp = udp;
        this.tcp = tcp;
    }

    /** Starts a server for a tree of zones, which must include the root. */
    static SigningServer start(SignedZone... zones) {
        List<SignedZone> all = Arrays.stream(zones)
                .sorted(Comparator.comparing(zone -> -zone.origin().labels()))
                .toList();
        for (SignedZone child : all) {
            above(all, child.origin()).ifPresent(parent -> parent.delegate(child));
        }
        try {
            SigningServer server = bind(all);
            startDaemon(server::serveUdp);
            startDaemon(server::serveTcp);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The system chooses a TCP port; the UDP port of the same number may be in use. */
    private static SigningServer bind(List<SignedZone> zones) throws IOException {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        for (int i = 1; ; i++) {
            ServerSocket tcp = new ServerSocket(0, 50, loopback);
            try {
                return new SigningServer(zones, new DatagramSocket(tcp.getLocalPort(), loopback), tcp);
            } catch (BindException taken) {
                tcp.close();
                if (i == BIND_TRIES) {
                    throw taken;
                }
            }
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) tcp.getLocalSocketAddress();
    }

    /** Returns the queries in order of arrival: {@code MX mx.test DO CD}, with {@code TCP} if it came over TCP. */
    List<String> questions() {
        return List.copyOf(questions);
    }

    void forgetQuestions() {
        questions.clear();
    }

    /** Plays the trick for this query. A trick for all queries applies only where there is none for the query. */
    void trick(String name, int type, Trick trick) {
        tricks.put(topic(SignedZone.name(name), type), trick);
    }

    void trickForAll(Trick trick) {
        tricks.put("", trick);
    }

    void heal() {
        tricks.clear();
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void startDaemon(Runnable work) {
        Thread thread = new Thread(work, "postroad-signing-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void serveUdp() {
        byte[] buffer = new byte[MAX_MESSAGE];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                Optional<byte[]> answer = answer(Arrays.copyOf(buffer, packet.getLength()), false);
                if (answer.isPresent()) {
                    udp.send(new DatagramPacket(answer.get(), answer.get().length, packet.getSocketAddress()));
                }
            } catch (SocketException closed) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (Socket connection = tcp.accept()) {
                DataInputStream in = new DataInputStream(connection.getInputStream());
                byte[] question = new byte[in.readUnsignedShort()];
                in.readFully(question);
                Optional<byte[]> answer = answer(question, true);
                if (answer.isPresent()) {
                    DataOutputStream out = new DataOutputStream(connection.getOutputStream());
                    out.writeShort(answer.get().length);
                    out.write(answer.get());
                }
            } catch (SocketException | EOFException clientOrServerClosed) {
                // Normal end.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Optional<byte[]> answer(byte[] octets, boolean overTcp) throws IOException {
        Message query = new Message(octets);
        Record question = query.getQuestion();
        Optional<OPTRecord> opt = Optional.ofNullable(query.getOPT());
        boolean wantsSignatures = opt.filter(record -> (record.getFlags() & ExtendedFlags.DO) != 0)
                .isPresent();
        questions.add(topic(question.getName(), question.getType())
                + (wantsSignatures ? " DO" : "")
                + (query.getHeader().getFlag(Flags.CD) ? " CD" : "")
                + (overTcp ? " TCP" : ""));
        Message truth = truth(query);
        if (!wantsSignatures) {
            truth = Tricks.without(truth, Type.RRSIG, Type.NSEC);
        }
        Optional<Trick> trick = Optional.ofNullable(tricks.get(topic(question.getName(), question.getType())))
                .or(() -> Optional.ofNullable(tricks.get("")));
        if (trick.isPresent()) {
            return trick.get().play(truth);
        }
        int size = opt.map(OPTRecord::getPayloadSize).orElse(PLAIN_UDP);
        return Optional.of(truth.toWire(overTcp ? MAX_MESSAGE : size));
    }

    private static String topic(Name name, int type) {
        return Type.string(type) + " " + name.toString(true);
    }

    private Message truth(Message query) {
        Message answer = new Message(query.getHeader().getID());
        List.of(Flags.QR, Flags.RD, Flags.RA, Flags.AD)
                .forEach(flag -> answer.getHeader().setFlag(flag));
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        int type = query.getQuestion().getType();
        Optional<Name> next = Optional.of(query.getQuestion().getName());
        for (int i = 0; i < MAX_CHASE && next.isPresent(); i++) {
            next = step(next.get(), type, answer);
        }
        if (query.getOPT() != null) {
            answer.addRecord(new OPTRecord(4096, 0, 0, query.getOPT().getFlags()), Section.ADDITIONAL);
        }
        return answer;
    }

    /** Adds the records of the name to the answer. Returns the target of its alias, if any. */
    private Optional<Name> step(Name name, int type, Message answer) {
        SignedZone zone = zoneOf(name, type);
        Optional<RRset> found = zone.find(name, type);
        if (found.isPresent()) {
            add(zone.signed(found.get()), Section.ANSWER, answer);
            return Optional.empty();
        }
        Optional<RRset> alias = zone.find(name, Type.CNAME);
        if (alias.isPresent()) {
            add(zone.signed(alias.get()), Section.ANSWER, answer);
            return Optional.of(((CNAMERecord) alias.get().first()).getTarget());
        }
        for (int labels = 1; labels < name.labels(); labels++) {
            Optional<RRset> tree = zone.find(new Name(name, labels), Type.DNAME);
            if (tree.isPresent()) {
                add(zone.signed(tree.get()), Section.ANSWER, answer);
                Name target = target(name, (DNAMERecord) tree.get().first());
                add(List.of(new CNAMERecord(name, DClass.IN, SignedZone.TTL, target)), Section.ANSWER, answer);
                return Optional.of(target);
            }
        }
        add(zone.denial(name), Section.AUTHORITY, answer);
        answer.getHeader().setRcode(zone.exists(name) ? Rcode.NOERROR : Rcode.NXDOMAIN);
        return Optional.empty();
    }

    private static void add(List<Record> records, int section, Message answer) {
        records.forEach(record -> answer.addRecord(record, section));
    }

    private static Name target(Name name, DNAMERecord tree) {
        try {
            return name.fromDNAME(tree);
        } catch (NameTooLongException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** RFC 4035 §3.1.4.1: the DS records of a delegation are in the parent zone. */
    private SignedZone zoneOf(Name name, int type) {
        Optional<SignedZone> above = type == Type.DS ? above(zones, name) : Optional.empty();
        return above.orElseGet(() -> zones.stream()
                .filter(zone -> name.subdomain(zone.origin()))
                .findFirst()
                .orElseThrow());
    }

    /** Returns the nearest zone that begins above the name. */
    private static Optional<SignedZone> above(List<SignedZone> zones, Name name) {
        return zones.stream()
                .filter(zone -> name.subdomain(zone.origin()) && !name.equals(zone.origin()))
                .findFirst();
    }
}
