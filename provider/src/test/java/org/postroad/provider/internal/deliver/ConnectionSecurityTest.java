// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Credentials;
import org.postroad.api.Relay;
import org.postroad.api.TlsSummary.Level;
import org.postroad.provider.internal.tls.PeerAuthentication;
import org.postroad.provider.internal.tls.StartTls;

/** The protection of a connection to a relay (RELAY-03, RELAY-04). */
class ConnectionSecurityTest {

    @ParameterizedTest
    @CsvSource({
        "smtps://relay.test, true, REQUIRED, VERIFIED",
        "smtp://relay.test;starttls=required, false, REQUIRED, VERIFIED",
        "smtp://relay.test, false, OPPORTUNISTIC, OPPORTUNISTIC",
        "smtp://relay.test;starttls=never, false, DISABLED, NONE"
    })
    void relay_theUrlDeterminesTheProtection(String url, boolean implicit, StartTls startTls, Level level) {
        ConnectionSecurity security = ConnectionSecurity.of(Relay.parse(url));
        assertThat(security.implicit()).isEqualTo(implicit);
        assertThat(security.startTls()).isEqualTo(startTls);
        assertThat(security.isRequired()).isEqualTo(startTls == StartTls.REQUIRED);
        assertThat(security.protection().level()).isEqualTo(level);
        assertThat(security.protection().proof())
                .isEqualTo(level == Level.VERIFIED ? new PeerAuthentication.Certificate() : PeerAuthentication.NOTHING);
        assertThat(security.login()).isEmpty();
    }

    @Test
    void relay_aFingerprintReplacesTheCertificateChain() {
        Relay relay = Relay.parse("smtps://relay.test").withFingerprint("ab".repeat(32));
        assertThat(ConnectionSecurity.of(relay).protection().proof())
                .isEqualTo(new PeerAuthentication.Pinned("ab".repeat(32)));
    }

    @ParameterizedTest
    @CsvSource({"smtps://relay.test", "smtp://relay.test;starttls=required"})
    void RELAY_04_credentialsBelongToTheConnection(String url) {
        Relay relay = Relay.parse(url).withCredentials(new Credentials("me", "secret"));
        assertThat(ConnectionSecurity.of(relay).login()).isEqualTo(Optional.of(relay));
    }
}
