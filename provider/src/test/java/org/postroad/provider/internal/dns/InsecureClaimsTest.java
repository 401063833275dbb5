// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.dns.SignedZone.name;

import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postroad.api.Deadline;
import org.postroad.fixtures.VirtualClock;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** TLS-08: which answers without the AD bit are accepted, in virtual time. */
class InsecureClaimsTest {

    private static final InetSocketAddress SERVER = DnsTesting.server("192.0.2.1");
    private static final Duration TICK = Duration.ofNanos(1);

    private final VirtualClock clock = new VirtualClock();
    private final AtomicInteger asked = new AtomicInteger();
    private boolean silent;
    private boolean secure;
    private final InsecureClaims claims = new InsecureClaims(clock, (server, deadline) -> {
        asked.incrementAndGet();
        if (silent) {
            throw new SocketTimeoutException();
        }
        Message answer = new Message();
        answer.getHeader().setRcode(Rcode.NOERROR);
        if (secure) {
            answer.getHeader().setFlag(Flags.AD);
        }
        return answer;
    });

    @Test
    void TLS_08_onlyTlsaAndNamesThatWereSecureNeedProofOfTheServer() throws Exception {
        assertThat(mayStand("mx.test.", Type.A)).isTrue();
        assertThat(asked.get()).isZero();
        assertThat(mayStand("mx.test.", Type.TLSA)).isFalse();
        claims.noteSecure(name("MX.test."));
        assertThat(mayStand("mx.test.", Type.A)).isFalse();
        clock.advance(InsecureClaims.SECURE_REMEMBERED.minus(TICK));
        assertThat(mayStand("mx.test.", Type.A)).isFalse();
        clock.advance(TICK);
        assertThat(mayStand("mx.test.", Type.A)).isTrue();
    }

    @Test
    void TLS_08_knowledgeOfAServerExpires() throws Exception {
        silent = true;
        assertThat(mayStand("mx.test.", Type.TLSA)).isFalse();
        silent = false;
        secure = true;
        clock.advance(InsecureClaims.DOES_NOT_KEPT.minus(TICK));
        assertThat(mayStand("mx.test.", Type.TLSA)).isFalse();
        clock.advance(TICK);
        assertThat(mayStand("mx.test.", Type.TLSA)).isTrue();
        secure = false;
        clock.advance(InsecureClaims.VALIDATES_KEPT.minus(TICK));
        assertThat(mayStand("mx.test.", Type.TLSA)).isTrue();
        clock.advance(TICK);
        assertThat(mayStand("mx.test.", Type.TLSA)).isFalse();
        assertThat(asked.get()).isEqualTo(3);
    }

    @Test
    void TLS_08_theNumberOfRememberedSecureNamesHasALimit() throws Exception {
        for (int more : new int[] {-1, 0, 1}) {
            IntStream.range(0, InsecureClaims.MAX_NAMES + more)
                    .forEach(i -> claims.noteSecure(name("mx" + i + "." + (more + 1) + ".test.")));
            assertThat(mayStand("mx0." + (more + 1) + ".test.", Type.A))
                    .as("forgotten")
                    .isEqualTo(more > 0);
        }
    }

    private boolean mayStand(String name, int type) throws InterruptedException {
        return claims.mayStand(SERVER, name(name), type, Deadline.after(Duration.ofSeconds(1), clock));
    }
}
