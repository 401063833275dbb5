// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@NullMarked
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class BlackholeTest {

    @Test
    void nobodyGetsAnAnswer() throws Exception {
        try (Sink sink = Sink.start(Offers.NEITHER);
                Blackhole blackhole = Blackhole.at(sink.address().getPort());
                Socket client = new Socket()) {
            InetSocketAddress swallowed =
                    new InetSocketAddress("::1", sink.address().getPort());
            assertThatThrownBy(() -> client.connect(swallowed, 100)).isInstanceOf(SocketTimeoutException.class);
        }
    }
}
