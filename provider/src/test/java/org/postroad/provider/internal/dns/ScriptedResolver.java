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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.postroad.api.Deadline;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A resolver on loopback (UDP, one thread) whose answers are computed by a test. It plays validators and forwarders, and can delay its
 * answers.
 *
 * <p>The forwarders behave like those found on loopback. Docker's passes on all messages unchanged, and so does dnsmasq with
 * {@code proxy-dnssec}. Otherwise dnsmasq clears the AD bit, and so does systemd-resolved unless it validates itself.
 */
final class ScriptedResolver implements AutoCloseable {

    private static final int LARGEST = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final DatagramChannel channel;
    private final Function<Message, Optional<Message>> script;
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private final CountDownLatch released;

    private ScriptedResolver(
            DatagramChannel channel, Function<Message, Optional<Message>> script, CountDownLatch released) {
        this.channel = channel;
        this.script = script;
        this.released = released;
    }

    static ScriptedResolver start(Function<Message, Optional<Message>> script) throws IOException {
        return start("127.0.0.1", script);
    }

    static ScriptedResolver start(String address, Function<Message, Optional<Message>> script) throws IOException {
        return start(address, script, new CountDownLatch(0));
    }

    /** Starts a resolver that answers only after {@link #release()}. */
    static ScriptedResolver held(Function<Message, Optional<Message>> script) throws IOException {
        return start("127.0.0.1", script, new CountDownLatch(1));
    }

    private static ScriptedResolver start(
            String address, Function<Message, Optional<Message>> script, CountDownLatch released) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        ScriptedResolver resolver = new ScriptedResolver(channel, script, released);
        Thread thread = new Thread(resolver::serve, "postroad-scripted-resolver");
        thread.setDaemon(true);
        thread.start();
        return resolver;
    }

    /** Passes on every message unchanged, including the AD bit: Docker at 127.0.0.11, dnsmasq with {@code proxy-dnssec}. */
    static Function<Message, Optional<Message>> forwarder(InetSocketAddress upstream) {
        return forwarder(upstream, answer -> answer);
    }

    /** dnsmasq with its defaults, and systemd-resolved with {@code DNSSEC=no}. */
    static Function<Message, Optional<Message>> forwarderThatClearsAd(InetSocketAddress upstream) {
        return forwarder(upstream, answer -> {
            answer.getHeader().unsetFlag(Flags.AD);
            return answer;
        });
    }

    private static Function<Message, Optional<Message>> forwarder(
            InetSocketAddress upstream, UnaryOperator<Message> change) {
        return query -> {
            try (DnsExchange exchange = new DnsExchange()) {
                return Optional.of(change.apply(exchange.ask(query, upstream, false, Deadline.after(PATIENCE))));
            } catch (IOException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        };
    }

    /**
     * A validator for which every name has an authentic address and no other type, except names below {@code unsigned.test}, which do not
     * exist and are insecure.
     *
     * @param anchored a name for which it has a trust anchor that matches nothing; empty if there is none
     * @param bogus a name that is bogus for every validator
     */
    static Function<Message, Optional<Message>> validator(Optional<String> anchored, String bogus) {
        return query -> {
            Record question = query.getQuestion();
            boolean unchecked = query.getHeader().getFlag(Flags.CD);
            String name = question.getName().toString(true);
            boolean signed = !name.endsWith("unsigned.test");
            boolean fails = question.getType() != Type.DS
                    && (anchored.filter(name::equals).isPresent() || name.equals(bogus));
            Message answer =
                    reply(query, fails && !unchecked ? Rcode.SERVFAIL : signed ? Rcode.NOERROR : Rcode.NXDOMAIN);
            if (!fails && signed) {
                answer.getHeader().setFlag(Flags.AD);
            }
            if (question.getType() == Type.A && answer.getRcode() == Rcode.NOERROR) {
                add(answer, "60 IN A 192.0.2.1");
                if (unchecked) {
                    add(answer, "60 IN RRSIG A 8 2 60 20300101000000 20290101000000 1 test. AAAA");
                }
            }
            return Optional.of(answer);
        };
    }

    private static void add(Message answer, String record) {
        Tricks.parse(answer.getQuestion().getName() + " " + record)
                .forEach(parsed -> answer.addRecord(parsed, Section.ANSWER));
    }

    /** Answers with a response code only. */
    static Function<Message, Optional<Message>> always(int rcode) {
        return query -> Optional.of(reply(query, rcode));
    }

    static Message reply(Message query, int rcode) {
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        answer.getHeader().setRcode(rcode);
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        return answer;
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    /** Returns the queries in order of arrival: {@code A mx.test}, with {@code CD} if it is set. */
    List<String> questions() {
        return List.copyOf(questions);
    }

    void release() {
        released.countDown();
    }

    @Override
    public void close() throws IOException {
        release();
        channel.close();
    }

    private void serve() {
        ByteBuffer buffer = ByteBuffer.allocate(LARGEST);
        try {
            while (true) {
                SocketAddress client = channel.receive(buffer.clear());
                Message query = new Message(buffer.flip());
                note(query);
                released.await();
                Optional<Message> answer = script.apply(query);
                if (answer.isPresent()) {
                    channel.send(ByteBuffer.wrap(answer.get().toWire()), client);
                }
            }
        } catch (ClosedChannelException | InterruptedException e) {
            // The resolver was closed.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void note(Message query) {
        Record question = query.getQuestion();
        List<String> words = new ArrayList<>();
        words.add(Type.string(question.getType()));
        words.add(question.getName().toString(true));
        if (query.getHeader().getFlag(Flags.CD)) {
            words.add("CD");
        }
        questions.add(String.join(" ", words));
    }
}
