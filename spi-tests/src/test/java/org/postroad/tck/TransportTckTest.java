// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import jakarta.mail.Address;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.Set;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import org.postroad.tck.catalogue.Feature;

/** The options of the transport suite. */
class TransportTckTest {

    private final InternetAddress first = address("u@d.test");
    private final InternetAddress second = address("v@d.test");
    private final TransportTck tck = new ReferenceMxTransportTest();

    @Test
    void statusOf_isTakenFromTheExceptionWithTheAddressInAnArray() {
        SendFailedException failure = new SendFailedException("550 5.9.9 all");
        failure.setNextException(about(first, "450 4.2.1 busy"));
        failure.setNextException(about(second, "550 5.1.1 unknown"));
        assertThat(tck.statusOf(failure, first)).contains("4.2.1");
        assertThat(tck.statusOf(failure, second)).contains("5.1.1");
    }

    @Test
    void statusOf_isTakenFromTheExceptionWithThatGetAddress() {
        SendFailedException failure = new SendFailedException("none");
        failure.setNextException(new SMTPAddressFailedException(first, "RCPT", 450, "450 4.2.1 busy"));
        failure.setNextException(new SMTPAddressFailedException(second, "RCPT", 550, "550 5.1.1 unknown"));
        assertThat(tck.statusOf(failure, second)).contains("5.1.1");
    }

    @Test
    void statusOf_isOtherwiseTakenFromTheMainException() {
        assertThat(tck.statusOf(new SendFailedException("450 4.2.1 busy"), first))
                .contains("4.2.1");
        assertThat(tck.statusOf(new SendFailedException("nobody knows"), first)).isEmpty();
    }

    @Test
    void statusOf_doesNotMistakeAnAddressForAStatus() {
        assertThat(tck.statusOf(new SendFailedException("mx.test[192.0.2.4]:25, 2.0.2.1: 4.4.1."), first))
                .contains("4.4.1");
    }

    @Test
    void features_notDeclaredAreSkipped() {
        Events events = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(DeclaresNothing.class))
                .execute()
                .testEvents();
        assertThat(Matrix.describe(events.failed().list())).isEmpty();
        events.aborted().assertThatEvents().isNotEmpty();
    }

    /** The reference without declared features. */
    static class DeclaresNothing extends MxTransportTck {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session);
        }

        @Override
        protected Set<Feature> features() {
            return Set.of();
        }
    }

    private static SendFailedException about(InternetAddress address, String text) {
        return new SendFailedException(text, null, new Address[0], new Address[] {address}, new Address[0]);
    }

    private static InternetAddress address(String text) {
        try {
            return new InternetAddress(text, true);
        } catch (AddressException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
