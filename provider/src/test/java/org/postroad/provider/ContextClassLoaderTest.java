// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.naming.Context;
import javax.sql.DataSource;
import org.apache.naming.java.javaURLContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.provider.internal.queue.store.TestPostgres;
import org.postroad.spi.AddressOrder;
import org.postroad.spi.Connector;
import org.postroad.spi.DeliveryListener;
import org.postroad.spi.RelaySelector;

/**
 * Plug-ins and DataSources are called with the context class loader of the application: the one that sends, or that opened the queue.
 * Managed DataSources and CDI client proxies need it. All mail goes to two domains, because a single one stays on the sender's thread.
 */
@Timeout(300)
class ContextClassLoaderTest extends TransportTesting {

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private final ClassLoader application = new URLClassLoader("application", new URL[0], before);
    private final Map<String, Set<ClassLoader>> seen = new ConcurrentHashMap<>();

    @BeforeEach
    void enterApplication() {
        Thread.currentThread().setContextClassLoader(application);
        properties.put("mail.mx.connector", watched(Connector.class, connector));
        properties.put("mail.mx.listener", watched(DeliveryListener.class, event -> {}));
        properties.put("mail.mx.addressorder", watched(AddressOrder.class, (candidates, random) -> candidates));
        properties.put("mail.mx.relayselector", watched(RelaySelector.class, question -> List.of()));
    }

    @AfterEach
    void leaveApplication() {
        Thread.currentThread().setContextClassLoader(before);
    }

    /** Records the context class loader of each call. */
    private <T> T watched(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() != Object.class) {
                        ClassLoader loader = Thread.currentThread().getContextClassLoader();
                        seen.computeIfAbsent(type.getSimpleName(), key -> ConcurrentHashMap.newKeySet())
                                .add(loader != null ? loader : ClassLoader.getPlatformClassLoader());
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                }));
    }

    private void assertAllSawTheApplication(String... types) {
        assertThat(seen).containsOnlyKeys(types);
        assertThat(seen.values()).allSatisfy(loaders -> assertThat(loaders).containsExactly(application));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void embedding_plugInsOfASendSeeTheSendersLoader(boolean partial) throws Exception {
        properties.setProperty("mail.mx.sendpartial", String.valueOf(partial));
        Transport.send(message("a@both.test", "b@v4.test"));
        assertThat(mx4.received().size() + mx6.received().size()).isEqualTo(2);
        assertAllSawTheApplication("Connector", "DeliveryListener", "AddressOrder");
    }

    @Test
    void embedding_theRelaySelectorSeesTheSendersLoader() throws Exception {
        properties.setProperty("mail.mx.families", "ipv4");
        assertThat(failure("a@v4.test", "b@v6.test").getValidSentAddresses()).hasSize(1);
        assertAllSawTheApplication("Connector", "DeliveryListener", "RelaySelector");
    }

    @Test
    void embedding_plugInsSeeTheSendersLoaderOnTheThreadsOfTheApplicationsExecutor() throws Exception {
        ClassLoader[] after = new ClassLoader[1];
        ExecutorService threads = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task);
            thread.setContextClassLoader(before);
            return thread;
        });
        try {
            properties.put("mail.mx.executor", (Executor) threads);
            Transport.send(message("a@both.test", "b@v4.test"));
            threads.submit(() -> after[0] = Thread.currentThread().getContextClassLoader())
                    .get();
        } finally {
            threads.shutdown();
            assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
        assertAllSawTheApplication("Connector", "DeliveryListener", "AddressOrder");
        assertThat(after[0]).as("the executor's thread gets its loader back").isSameAs(before);
    }

    @Test
    void embedding_plugInsAndDataSourceOfAQueueSeeTheLoaderThatOpenedIt() throws Exception {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.put("mail.mx.queue.datasource", watched(DataSource.class, TestPostgres.newDatabase()));
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            Thread.currentThread().setContextClassLoader(before);
            seen.clear();
            Transport.send(message("a@v4.test", "b@v6.test"));
            assertThat(queue.drain(Duration.ofMinutes(1))).isTrue();
            Thread.currentThread().setContextClassLoader(application);
        }
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx6.received()).hasSize(1);
        assertThat(seen.get("Connector")).containsExactly(application);
        assertThat(seen.get("DeliveryListener")).containsExactly(application);
        // The application itself stores its mail, on its own thread.
        assertThat(seen.get("DataSource")).containsExactlyInAnyOrder(application, before);
    }

    /** As in a thread of native code. */
    @Test
    void embedding_aQueueOpenedWithoutALoaderUsesPostroads() throws Exception {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.put("mail.mx.queue.datasource", watched(DataSource.class, TestPostgres.newDatabase()));
        Thread.currentThread().setContextClassLoader(null);
        Transport.send(message("a@v4.test", "b@v6.test"));
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            assertThat(queue.drain(Duration.ofMinutes(1))).isTrue();
        }
        assertThat(seen.get("Connector")).containsExactly(Postroad.class.getClassLoader());
    }

    @Test
    void embedding_aNamingContextThatNeedsALoaderIsNoError() throws Exception {
        String before = System.setProperty(Context.INITIAL_CONTEXT_FACTORY, javaURLContextFactory.class.getName());
        try {
            embedding_aQueueOpenedWithoutALoaderUsesPostroads();
        } finally {
            if (before == null) {
                System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
            } else {
                System.setProperty(Context.INITIAL_CONTEXT_FACTORY, before);
            }
        }
    }
}
