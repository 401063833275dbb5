// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The lab itself, without the transport: senders reach servers by hand-written SMTP, and names resolve. */
@Tag("peers")
@ExtendWith(PeerLabExtension.class)
class LabPeerTest {

    @Test
    void lab_starts(PeerLab lab) {
        assertThat(lab.senderIpv4().host().name()).isEqualTo("send4");
        System.out.println(Command.run(lab.senderIpv4().host().command(List.of("ip", "address"))));
        if (System.getProperty("lab.hold") != null) {
            try {
                Thread.sleep(1000L * Integer.getInteger("lab.hold"));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
