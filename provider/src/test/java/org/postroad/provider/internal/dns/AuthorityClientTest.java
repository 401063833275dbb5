// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.provider.GrowingTimeout;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

/** Questions to one authoritative server. */
@Timeout(300)
class AuthorityClientTest {

    private final AuthorityClient client = new AuthorityClient(DnsTesting.PATIENCE);
    private FakeDnsServer server;

    @BeforeEach
    void start() {
        server = FakeDnsServer.start("""
                site.test. MX 10 mx.site.test.
                site.test. NS ns.site.test.
                out.site.test. CNAME mx.elsewhere.test.
                """);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private <R> DnsAnswer<R> ask(String name, RecordType<R> type) throws InterruptedException {
        return client.ask(server.address(Family.IPV4), HostName.parse(name), type, Deadline.after(DnsTesting.PATIENCE));
    }

    @Test
    void ask_recordsAndTheirAbsence() throws Exception {
        assertThat(DnsTesting.kind(ask("site.test", RecordType.MX))).isEqualTo("found [10 mx.site.test] INSECURE");
        assertThat(DnsTesting.kind(ask("site.test", ZoneTypes.NS))).isEqualTo("found [ns.site.test] INSECURE");
        assertThat(DnsTesting.kind(ask("site.test", RecordType.A))).isEqualTo("no data");
        assertThat(DnsTesting.kind(ask("none.test", RecordType.A))).isEqualTo("no such name");
    }

    @Test
    void ask_anAliasOutOfTheZoneIsAFailure() throws Exception {
        server.fault("mx.elsewhere.test", RecordType.A, DnsFault.REFUSED);
        assertThat(ask("out.site.test", RecordType.A).failure())
                .hasValueSatisfying(failure -> assertThat(failure.reason())
                        .startsWith("LAME")
                        .endsWith("answered with an alias to mx.elsewhere.test)"));
    }

    @Test
    void ask_withoutEdnsIfTheServerDoesNotUnderstandIt() throws Exception {
        server.fault("site.test", RecordType.MX, DnsFault.FORMERR_TO_EDNS);
        assertThat(ask("site.test", RecordType.MX)).isInstanceOf(DnsAnswer.Found.class);
    }

    @Test
    void ask_aLostPacketIsSentOnceMore() throws Exception {
        GrowingTimeout.of(DnsTesting.SILENCE, oneTry -> {
            server.fault("site.test", RecordType.MX, DnsFault.DROP, 1);
            try (AuthorityClient hasty = new AuthorityClient(oneTry)) {
                DnsAnswer<?> answer = hasty.ask(
                        server.address(Family.IPV4),
                        HostName.parse("site.test"),
                        RecordType.MX,
                        Deadline.after(DnsTesting.PATIENCE));
                assertThat(answer).isInstanceOf(DnsAnswer.Found.class);
            }
        });
    }

    @Test
    void ask_afterCloseIsAFailure() throws Exception {
        client.close();
        assertThat(DnsTesting.kind(ask("site.test", RecordType.MX))).isEqualTo("failed CLOSED");
    }

    /** The question has neither RD nor AD, and an answer without AA is that of a server that does not have the zone. */
    @Test
    void ask_withoutRecursionAndOnlyOfAnAuthority() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            CompletableFuture<Message> asked = new CompletableFuture<>();
            Thread responder = new Thread(() -> answerWithoutAuthority(socket, asked));
            responder.setDaemon(true);
            responder.start();
            DnsAnswer<?> answer = client.ask(
                    (InetSocketAddress) socket.getLocalSocketAddress(),
                    HostName.parse("site.test"),
                    RecordType.MX,
                    Deadline.after(DnsTesting.PATIENCE));
            assertThat(asked.get().getHeader().getFlag(Flags.RD)).isFalse();
            assertThat(asked.get().getHeader().getFlag(Flags.AD)).isFalse();
            assertThat(answer.failure()).hasValueSatisfying(failure -> {
                assertThat(failure.cause()).isEqualTo(Cause.LAME);
                assertThat(failure.detail()).endsWith("is not authoritative for this name");
            });
        }
    }

    private static void answerWithoutAuthority(DatagramSocket socket, CompletableFuture<Message> asked) {
        try {
            DatagramPacket packet = new DatagramPacket(new byte[512], 512);
            socket.receive(packet);
            byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
            Message message = new Message(question);
            asked.complete(message);
            message.getHeader().setFlag(Flags.QR);
            byte[] answer = message.toWire();
            socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        } catch (IOException e) {
            asked.completeExceptionally(e);
        }
    }
}
