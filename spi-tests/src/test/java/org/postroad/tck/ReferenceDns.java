// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;

/** A stub resolver that queries one server over UDP, once. It follows aliases; it has no other features. */
final class ReferenceDns {

    private static final int CNAME = 5;
    private static final int MAX_ALIASES = 8;
    private static final int HEADER = 12;
    private static final int UDP_SIZE = 4096;
    private static final int TRUNCATED = 0x0200;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int AUTHENTIC = 0x0020;

    private final InetSocketAddress server;
    private final Duration patience;

    ReferenceDns(InetSocketAddress server, Duration patience) {
        this.server = server;
        this.patience = patience;
    }

    /** The outcome of a DNS query. */
    enum Kind {
        FOUND,
        NO_DATA,
        NO_SUCH_NAME,
        FAILED
    }

    /**
     * An answer.
     *
     * @param kind the outcome
     * @param records the record data as text: {@code 10 mx.test}, {@code 192.0.2.1}
     * @param end the end of the alias chain, or the name itself
     * @param secure whether the server validated the answer with all aliases
     */
    record Answer(Kind kind, List<String> records, String end, boolean secure) {

        static final Answer FAILED = new Answer(Kind.FAILED, List.of());

        Answer(Kind kind, List<String> records) {
            this(kind, records, "", false);
        }

        Answer {
            records = List.copyOf(records);
        }
    }

    /** Makes the query, and follows aliases. */
    Answer query(String name, RecordType<?> type) {
        try {
            String current = name;
            boolean secure = true;
            for (int i = 0; i < MAX_ALIASES; i++) {
                Response response = ask(current, type.code());
                secure &= response.secure;
                String end = response.endOfAliases(current);
                List<String> found = response.records.getOrDefault(end, List.of());
                if ((response.code != 0 && response.code != 3) || response.aliases.containsKey(end)) {
                    return Answer.FAILED;
                } else if (!found.isEmpty()) {
                    return new Answer(Kind.FOUND, found, end, secure);
                } else if (end.equals(current) || response.code == 3) {
                    Kind none = response.code == 3 ? Kind.NO_SUCH_NAME : Kind.NO_DATA;
                    return new Answer(none, List.of(), end, secure);
                }
                current = end;
            }
            return Answer.FAILED;
        } catch (IOException | BufferUnderflowException | IllegalArgumentException e) {
            return Answer.FAILED;
        }
    }

    /** The answer section: records of the type by owner, aliases by owner. */
    private record Response(int code, boolean secure, Map<String, List<String>> records, Map<String, String> aliases) {

        String endOfAliases(String name) {
            String end = name;
            for (int i = 0; i < aliases.size() && aliases.containsKey(end); i++) {
                end = aliases.getOrDefault(end, end);
            }
            return end;
        }
    }

    private Response ask(String name, int type) throws IOException {
        int id = ThreadLocalRandom.current().nextInt(1 << 16);
        byte[] question = question(id, name, type);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout((int) patience.toMillis());
            socket.connect(server);
            socket.send(new DatagramPacket(question, question.length));
            DatagramPacket packet = new DatagramPacket(new byte[UDP_SIZE], UDP_SIZE);
            socket.receive(packet);
            return read(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()), id, type);
        }
    }

    private static byte[] question(int id, String name, int type) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(octets);
        for (int field : new int[] {id, RECURSION_DESIRED | AUTHENTIC, 1, 0, 0, 0}) {
            out.writeShort(field);
        }
        for (String label : name.split("\\.")) {
            out.writeByte(label.length());
            out.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeByte(0);
        out.writeShort(type);
        out.writeShort(1);
        return octets.toByteArray();
    }

    private static Response read(ByteBuffer message, int id, int type) throws IOException {
        int flags = message.getShort(2);
        if ((message.getShort(0) & 0xffff) != id || (flags & TRUNCATED) != 0) {
            throw new IOException("not the whole answer to the question");
        }
        Response response = new Response(flags & 0xf, (flags & AUTHENTIC) != 0, new HashMap<>(), new HashMap<>());
        int count = message.getShort(6);
        message.position(HEADER);
        name(message);
        message.position(message.position() + 4);
        for (int i = 0; i < count; i++) {
            String owner = name(message);
            int recordType = message.getShort();
            message.position(message.position() + 6);
            int end = message.getShort() + message.position();
            if (recordType == type) {
                response.records
                        .computeIfAbsent(owner, first -> new ArrayList<>())
                        .add(data(message, type, end));
            } else if (recordType == CNAME) {
                response.aliases.put(owner, name(message));
            }
            message.position(end);
        }
        return response;
    }

    private static String data(ByteBuffer message, int type, int end) {
        if (type == RecordType.MX.code()) {
            return (message.getShort() & 0xffff) + " " + name(message);
        }
        if (type == CNAME) {
            return name(message);
        }
        if (type == RecordType.TLSA.code()) {
            String fields = message.get() + " " + message.get() + " " + message.get() + " ";
            byte[] association = new byte[end - message.position()];
            message.get(association);
            return fields + HexFormat.of().formatHex(association);
        }
        if (type == RecordType.A6.code() && message.get() != 0) {
            throw new IllegalArgumentException("an A6 record with a prefix elsewhere");
        }
        byte[] address = new byte[end - message.position()];
        message.get(address);
        return IpAddress.of(address.length == 4 ? Family.IPV4 : Family.IPV6, address)
                .toString();
    }

    /** Decodes a name without compression. */
    private static String name(ByteBuffer message) {
        List<String> labels = new ArrayList<>();
        for (int length = message.get(); length > 0; length = message.get()) {
            byte[] label = new byte[length];
            message.get(label);
            labels.add(new String(label, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT));
        }
        return String.join(".", labels);
    }
}
