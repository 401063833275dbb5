// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A connection to the port is never answered. */
@NullMarked
@Timeout(300)
@EnabledOnOs(OS.LINUX)
class BlackholeTest {

    @Test
    void aConnectionIsNotAnswered() throws Exception {
        try (Sink sink = Sink.start(Offers.NEITHER);
                Blackhole blackhole = Blackhole.at(sink.address().getPort());
                Socket client = new Socket()) {
            assertThat(blackhole.address().getPort()).isEqualTo(sink.address().getPort());
            assertThatThrownBy(() -> client.connect(blackhole.address(), 100))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }
}
