// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postroad.spi.Connector;
import org.postroad.spi.DeliveryListener;
import org.postroad.spi.RelaySelector;

/** A failure of an application's implementation is logged with its cause, because it is reported nowhere else. */
class LoggedFailuresTest extends TransportTesting {

    @RegisterExtension
    final LogTap log = LogTap.open();

    private void assertCause(String message) {
        assertThat(log.problems()).isNotEmpty().containsOnly(message);
        assertThat(log.records())
                .filteredOn(entry -> entry.getThrown() != null)
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(entry.getThrown()).hasStackTraceContaining("broken by design"));
    }

    @Test
    void listener_itsExceptionsAreLoggedAndDoNotStopMail() throws Exception {
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            throw new IllegalStateException("broken by design");
        });
        send(message("a@v4.test"));
        assertThat(mx4.received()).hasSize(1);
        assertCause("WARNING A delivery listener failed");
    }

    @Test
    void RELAY_02_anExceptionOfASelectorIsLogged() throws Exception {
        properties.setProperty("mail.mx.families", "ipv6");
        properties.put("mail.mx.relayselector", (RelaySelector) request -> {
            throw new IllegalStateException("broken by design");
        });
        failure("a@v4.test");
        assertCause("WARNING The relay selector failed");
    }

    @Test
    void deliver_anErrorInADeliveryIsLogged() throws Exception {
        properties.put("mail.mx.connector", (Connector) dial -> {
            throw new InternalError("broken by design");
        });
        failure("a@v4.test");
        assertCause("SEVERE The delivery to v4.test failed");
    }
}
