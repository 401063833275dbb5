// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.fixtures.Misbehaviour;

/** Servers that keep clients waiting do not delay mail to others, however many names they have. */
@Timeout(60)
class TarpitTest extends TransportTesting {

    private static final int NAMES = 10;

    private void zone() {
        dns.zone(IntStream.range(0, NAMES)
                .mapToObj(i -> "d" + i + ".test. MX 10 mx.d" + i + ".test.\nmx.d" + i + ".test. AAAA 2001:db8::6\n")
                .collect(Collectors.joining("", "v4.test. MX 10 mx4.v4.test.\nmx4.v4.test. A 192.0.2.4\n", "")));
    }

    private List<Thread> sendToAllNames() {
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < NAMES; i++) {
            String recipient = "u@d" + i + ".test";
            senders.add(new Thread(new FutureTask<>(() -> failure(recipient))));
        }
        senders.forEach(Thread::start);
        return senders;
    }

    private void assertHonestMailGoes(int connections) throws Exception {
        List<Thread> senders = sendToAllNames();
        transcript.await(line -> mx6.connections() >= connections, Duration.ofSeconds(30));
        send(message("honest@v4.test")); // none of the other deliveries has ended
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx6.connections()).isEqualTo(connections);
        for (Thread sender : senders) {
            sender.interrupt();
            sender.join();
        }
    }

    @Test
    void limits_anAddressThatNeverGreetsGetsAFifthOfAllConnections() throws Exception {
        zone();
        properties.setProperty("mail.mx.maxconnections", "5");
        mx6.onConnect(Misbehaviour.STALL);
        assertHonestMailGoes(1);
    }

    @Test
    void limits_anAddressThatAnsweredBeforeGetsHalfOfAllConnections() throws Exception {
        zone();
        properties.setProperty("mail.mx.maxconnections", "4");
        properties.setProperty("mail.mx.idletimeout", "0");
        send(message("u@d0.test"));
        mx6.onCommand("MAIL", Misbehaviour.STALL);
        assertHonestMailGoes(1 + 2);
    }
}
