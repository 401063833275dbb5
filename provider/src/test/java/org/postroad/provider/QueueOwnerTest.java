// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.DeliveryEvent;
import org.postroad.spi.DeliveryListener;

/** A queue belongs to the application that opened it, in a server where several applications share Postroad. */
@Timeout(300)
class QueueOwnerTest extends TransportTesting {

    private final ClassLoader mine = Thread.currentThread().getContextClassLoader();

    @TempDir
    Path directory;

    /** A plug-in of an application. */
    public static final class Listener implements DeliveryListener {
        @Override
        public void on(DeliveryEvent event) {}
    }

    @BeforeEach
    void useTheQueue() {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("queue.db"));
    }

    @AfterEach
    void backToMyApplication() {
        enter(mine);
    }

    private static void enter(ClassLoader application) {
        Thread.currentThread().setContextClassLoader(application);
    }

    private ClassLoader another() throws IOException {
        return new URLClassLoader("the other one", new URL[] {directory.toUri().toURL()}, mine) {
            @Override
            public String toString() {
                return "the other\r\napplication";
            }
        };
    }

    private MailQueue open() throws MessagingException {
        return MailQueue.open(Session.getInstance(properties));
    }

    @Test
    void owner_anotherApplicationWithTheSamePlugInsAndSettingsSharesTheQueue() throws Exception {
        try (MailQueue queue = open()) {
            enter(another());
            Transport.send(message("a@v4.test"));
            open().close();
            assertThat(queue.drain(Duration.ofMinutes(1))).isTrue();
            assertThat(queue.statistics().submitted()).isEqualTo(1);
        }
    }

    @Test
    void owner_anotherApplicationWithOtherPlugInsIsRefused() throws Exception {
        enter(another());
        try (MailQueue theirs = open()) {
            Path services = Files.createDirectories(directory.resolve("META-INF/services"));
            Files.write(services.resolve(DeliveryListener.class.getName()), List.of(Listener.class.getName()));
            enter(new URLClassLoader(new URL[] {directory.toUri().toURL()}, mine));
            assertThatThrownBy(() -> Transport.send(message("a@v4.test")))
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining("belongs to another application")
                    .hasMessageContaining("the other")
                    .hasMessageContaining("other plug-ins");
            assertThatThrownBy(this::open).hasMessageContaining("other plug-ins");
            assertThat(theirs.size()).isZero();
        }
        open().close(); // not in use any more
    }

    @Test
    void owner_anotherApplicationWithOtherSettingsIsRefused() throws Exception {
        try (MailQueue mineIsOpen = open()) {
            properties.setProperty("mail.mx.queue.lifetime", "1d");
            enter(another());
            assertThatThrownBy(() -> Transport.send(message("a@v4.test")))
                    .hasMessageContaining("other settings (mail.mx.queue.lifetime)");
            assertThat(mineIsOpen.size()).isZero();
        }
    }

    /** A plug-in that opens the queue of which it is to be a part. */
    public static final class SelfOpening implements DeliveryListener {

        static final Properties PROPERTIES = new Properties();

        /** Called by Postroad. */
        public SelfOpening() throws MessagingException {
            MailQueue.open(Session.getInstance(PROPERTIES));
        }

        @Override
        public void on(DeliveryEvent event) {}
    }

    @Test
    void owner_aPlugInThatNeedsTheQueueWhileItIsOpenedIsAnError() throws Exception {
        properties.setProperty("mail.mx.listener", SelfOpening.class.getName());
        SelfOpening.PROPERTIES.putAll(properties);
        assertThatThrownBy(this::open).hasStackTraceContaining("is being opened by this thread");
        assertThatThrownBy(() -> Transport.send(message("a@v4.test")))
                .hasStackTraceContaining("is being opened by this thread");
        properties.remove("mail.mx.listener");
        open().close();
    }

    @Test
    void owner_closingASessionClosesTheQueueOfItsOwnApplicationOnly() throws Exception {
        Session session = Session.getInstance(properties);
        try (MailQueue queue = open()) {
            enter(another());
            Postroad.close(session);
            assertThat(queue.size()).isZero();
            enter(mine);
            Postroad.close(session);
            assertThatThrownBy(queue::size).hasMessageContaining("closed");
        }
        Postroad.close(session);
    }

    @Test
    void owner_closingASessionClosesNoOtherQueue() throws Exception {
        try (MailQueue queue = open()) {
            properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("second.db"));
            MailQueue second = open();
            Postroad.close(Session.getInstance(properties));
            assertThatThrownBy(second::size).hasMessageContaining("closed");
            assertThat(queue.size()).isZero();
        }
    }

    @Test
    void owner_closingASessionEndsItsIdleConnections() throws Exception {
        properties.setProperty("mail.transport.protocol.rfc822", "mx");
        properties.setProperty("mail.mx.idletimeout", "1h");
        Transport.send(message("a@v4.test"));
        assertThat(transcript.linesOf("mx4: closed")).isEmpty();
        Postroad.close(Session.getInstance(properties));
        transcript.await("mx4: closed"::equals, Duration.ofMinutes(1));
        Transport.send(message("b@v4.test")); // as before
        assertThat(mx4.received()).hasSize(2);
    }
}
