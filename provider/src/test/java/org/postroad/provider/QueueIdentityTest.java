// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import javax.naming.Context;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.provider.internal.queue.store.TestPostgres;

/** Which queue a Session means: the settings decide, and not the objects that a container returns for them. */
@Timeout(300)
class QueueIdentityTest extends TransportTesting {

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private final DataSource database = TestPostgres.newDatabase();
    private final AtomicInteger lookups = new AtomicInteger();

    @BeforeEach
    void useTheQueue() {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
    }

    @AfterEach
    void restoreLoader() {
        Thread.currentThread().setContextClassLoader(before);
    }

    /** Returns another object at each call, as Open Liberty does at each lookup. */
    private DataSource another() {
        lookups.incrementAndGet();
        return (DataSource) Proxy.newProxyInstance(
                before, new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    try {
                        return switch (method.getName()) {
                            case "equals" -> proxy == arguments[0];
                            case "hashCode" -> System.identityHashCode(proxy);
                            default -> method.invoke(database, arguments);
                        };
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }

    private static Set<String> queues() throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("org.postroad:type=MailQueue,*"), null)
                .stream()
                .map(name -> ObjectName.unquote(name.getKeyProperty("name")))
                .collect(Collectors.toSet());
    }

    private static long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }

    @Test
    void queue_aNameIsOneQueueThoughEachLookupReturnsAnotherObject() throws Exception {
        properties.setProperty("mail.mx.queue.datasource", "java:comp/env/jdbc/mail");
        try (Naming names = Naming.bind("java:comp/env/jdbc/mail", (Naming.EachTime) this::another)) {
            for (int i = 0; i < 5; i++) {
                Transport.send(message("a@v4.test"));
            }
            assertThat(names.isBound()).isTrue();
            assertThat(lookups).hasValue(1);
            assertThat(queues()).containsExactly("java:comp/env/jdbc/mail");
            assertThat(threads("postroad-queue-dispatcher-")).isEqualTo(1);
        }
    }

    @Test
    void queue_theSameNameInAnotherApplicationIsAnotherQueue() throws Exception {
        properties.setProperty("mail.mx.queue.datasource", "java:comp/env/jdbc/mail");
        try (Naming names = Naming.bind("java:comp/env/jdbc/mail", database)) {
            Transport.send(message("a@v4.test"));
            Thread.currentThread().setContextClassLoader(new URLClassLoader("other", new URL[0], before));
            names.name("java:comp/env/jdbc/mail", TestPostgres.newDatabase());
            try (MailQueue other = MailQueue.open(Session.getInstance(properties))) {
                assertThat(other.statistics().submitted()).isZero();
                assertThat(queues())
                        .containsExactlyInAnyOrder("java:comp/env/jdbc/mail", "java:comp/env/jdbc/mail (2)");
            }
            assertThat(queues()).containsExactly("java:comp/env/jdbc/mail");
        }
    }

    /** As on a thread of a common pool, whose loader is that of the JDK. */
    @Test
    void queue_aThreadOfNoApplicationUsesTheSameQueue() throws Exception {
        properties.setProperty("mail.mx.queue.datasource", "jdbc/mail");
        try (Naming names = Naming.bind("jdbc/mail", (Naming.EachTime) this::another)) {
            Transport.send(message("a@v4.test"));
            Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
            MailQueue.open(Session.getInstance(properties)).close();
            assertThat(names.isBound()).isTrue();
            assertThat(lookups).hasValue(1);
        }
    }

    @Test
    void jndi_aNameWithoutSchemeIsLookedUpInTheComponentFirst() throws Exception {
        properties.setProperty("mail.mx.queue.datasource", "jdbc/mail");
        try (Naming names = Naming.bind("java:comp/env/jdbc/mail", database)) {
            names.name("jdbc/mail", "not this one");
            try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
                Transport.send(message("a@v4.test"));
                assertThat(queue.drain(Duration.ofMinutes(1))).isTrue();
                assertThat(queues()).containsExactly("jdbc/mail");
            }
        }
    }

    @Test
    void jndi_aNameWithoutSchemeIsNotLookedUpInARemoteServer() throws Exception {
        properties.setProperty("mail.mx.queue.datasource", "jdbc/mail");
        try (Naming names = Naming.bind("jdbc/mail", database)) {
            System.setProperty(Context.PROVIDER_URL, "ldap://192.0.2.1/");
            assertThatThrownBy(() -> MailQueue.open(Session.getInstance(properties)))
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining("mail.mx.queue.datasource")
                    .hasMessageContaining("java.naming.provider.url=ldap://192.0.2.1/");
            assertThat(names.isBound()).isTrue();
        } finally {
            System.clearProperty(Context.PROVIDER_URL);
        }
    }

    @Test
    void queue_threadsAreNamedAfterTheirRole() throws Exception {
        properties.put("mail.mx.queue.datasource", database);
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            Transport.send(message("a@v4.test", "b@v6.test"));
            assertThat(queue.drain(Duration.ofMinutes(1))).isTrue();
            for (String role : List.of("dispatcher-1", "due-1", "heartbeat-1", "visit-1")) {
                assertThat(threads("postroad-queue-" + role)).as(role).isEqualTo(1);
            }
        }
        assertThat(queues()).isEmpty();
    }
}
