// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/**
 * A DNS server that does not understand some forms of a query. It returns the address 192.0.2.1 for every name, with the AD bit if
 * requested. UDP on loopback, one thread.
 */
final class OldServer implements AutoCloseable {

    /** Instead of a response code: no answer. */
    static final int SILENCE = -1;

    private final DatagramChannel channel = DatagramChannel.open();
    private final List<QueryForm> questions = new CopyOnWriteArrayList<>();
    private volatile ToIntFunction<QueryForm> rcodeFor;

    /** @param rcodeFor the response code for each form of a query; the server answers normally if it is NOERROR */
    OldServer(ToIntFunction<QueryForm> manner) throws IOException {
        this.rcodeFor = manner;
        channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        Thread thread = new Thread(this::serve, "postroad-old-server");
        thread.setDaemon(true);
        thread.start();
    }

    void answers(ToIntFunction<QueryForm> other) {
        rcodeFor = other;
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    /** Returns the forms of the queries since the last call. */
    List<QueryForm> questions() {
        List<QueryForm> asked = List.copyOf(questions);
        questions.clear();
        return asked;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void serve() {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        try {
            while (true) {
                SocketAddress client = channel.receive(buffer.clear());
                Message query = new Message(buffer.flip());
                QueryForm form = QueryForm.of(query);
                questions.add(form);
                int rcode = rcodeFor.applyAsInt(form);
                if (rcode != SILENCE) {
                    channel.send(ByteBuffer.wrap(answer(query, form, rcode)), client);
                }
            }
        } catch (ClosedChannelException e) {
            // The server was closed.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] answer(Message query, QueryForm form, int rcode) throws IOException {
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setRcode(rcode);
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        if (rcode == Rcode.NOERROR) {
            InetAddress address = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
            answer.addRecord(new ARecord(query.getQuestion().getName(), DClass.IN, 60, address), Section.ANSWER);
            if (form.asksForAd()) {
                answer.getHeader().setFlag(Flags.AD);
            }
        }
        return answer.toWire();
    }
}
