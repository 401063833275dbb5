// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.cdi;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postroad.api.CredentialsSource;
import org.postroad.provider.BuiltInAddressOrder;
import org.postroad.provider.BuiltInConnector;
import org.postroad.provider.BuiltInMailDns;
import org.postroad.provider.BuiltInRelaySelector;
import org.postroad.provider.MailQueue;
import org.postroad.provider.Mx;
import org.postroad.provider.MxProvider;
import org.postroad.provider.MxQueueProvider;
import org.postroad.provider.Postroad;
import org.postroad.spi.AddressOrder;
import org.postroad.spi.Connector;
import org.postroad.spi.DeliveryListener;
import org.postroad.spi.MailDns;
import org.postroad.spi.RelaySelector;

/**
 * Beans of an application in a CDI container: {@code @Mx Session}, {@code MailQueue}, and the built-in implementations of the SPIs. Opens
 * the queue at the start, if the Session sends into one, and closes it before the beans are destroyed, among them the DataSource.
 * Thread-safe.
 */
@ApplicationScoped
public class MailBeans {

    private static final String QUEUE = "mxqueue";

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Session session;

    @GuardedBy("lock")
    private @Nullable MailQueue queue;

    @GuardedBy("lock")
    private boolean stopped;

    /** Constructor for the container. */
    public MailBeans() {}

    /**
     * Does nothing: Quarkus removes beans that cannot be injected anywhere, and these parameters are where implementations of the
     * application can be.
     */
    @Inject
    @SuppressWarnings("UnusedVariable")
    void keep(
            Instance<MailDns> dns,
            Instance<Connector> connectors,
            Instance<RelaySelector> relaySelectors,
            Instance<AddressOrder> addressOrders,
            Instance<DeliveryListener> listeners,
            Instance<CredentialsSource> credentials) {}

    @Produces
    @Singleton
    @Mx
    Session session(@Mx Instance<Properties> given) {
        Session made = Session.getInstance(settings(given));
        made.addProvider(new MxProvider()); // Jakarta Mail does not find them in every class loader
        made.addProvider(new MxQueueProvider());
        lock.lock();
        try {
            session = made;
        } finally {
            lock.unlock();
        }
        return made;
    }

    /** Returns the settings. Several beans are an error of the container, which names them. */
    private static Properties settings(Instance<Properties> given) {
        return SessionSettings.with(given.isUnsatisfied() ? new Properties() : given.get());
    }

    @Produces
    @Singleton
    MailQueue queue(@Mx Session ofQueue) throws MessagingException {
        lock.lock();
        try {
            if (stopped) {
                throw new IllegalStateException("The application is being stopped, and the queue is closed");
            }
            MailQueue open = queue;
            if (open == null) {
                if (lock.getHoldCount() > 1) { // the opening asked for it
                    throw new IllegalStateException(
                            "The queue is injected into an implementation that is created when the queue is opened; give"
                                    + " the implementation a normal scope, such as @ApplicationScoped");
                }
                open = MailQueue.open(ofQueue);
                queue = open;
                session = ofQueue;
            }
            return open;
        } finally {
            lock.unlock();
        }
    }

    // The built-in implementations do not have the types of the interfaces: they must not compete with beans of the
    // application.

    @Produces
    @Singleton
    @Typed(BuiltInMailDns.class)
    BuiltInMailDns dns(@Mx Session ofSends) throws MessagingException {
        return new BuiltInMailDns(ofSends.getProperties());
    }

    void close(@Disposes BuiltInMailDns dns) {
        dns.close();
    }

    @Produces
    @Singleton
    @Typed(BuiltInConnector.class)
    BuiltInConnector connector(@Mx Session ofSends) throws MessagingException {
        return new BuiltInConnector(ofSends.getProperties());
    }

    @Produces
    @Singleton
    @Typed(BuiltInRelaySelector.class)
    BuiltInRelaySelector relaySelector(@Mx Session ofSends) throws MessagingException {
        return new BuiltInRelaySelector(ofSends.getProperties());
    }

    @Produces
    @Singleton
    @Typed(BuiltInAddressOrder.class)
    BuiltInAddressOrder addressOrder(@Mx Session ofSends) throws MessagingException {
        return new BuiltInAddressOrder(ofSends.getProperties());
    }

    /**
     * Opens the queue, if the Session sends into one.
     *
     * @throws IllegalStateException if it cannot be opened: the application does not start then
     */
    void start(@Observes Startup event, @Mx Instance<Session> sessions, @Mx Instance<Properties> given) {
        Instance.Handle<Session> handle = sessions.getHandle();
        boolean isOwn = handle.getBean().getBeanClass() == MailBeans.class;
        // No Session is made for an application without settings: Jakarta Mail may have no implementation there.
        if (isOwn
                ? sendsIntoQueue(settings(given))
                : sendsIntoQueue(handle.get().getProperties())) {
            try {
                queue(handle.get());
            } catch (MessagingException e) {
                throw new IllegalStateException("The queue of the application cannot be opened: " + e.getMessage(), e);
            }
        }
    }

    private static boolean sendsIntoQueue(Properties properties) {
        return QUEUE.equals(properties.getProperty(SessionSettings.PROTOCOL_OF_SENDS))
                || QUEUE.equals(properties.getProperty(SessionSettings.PROTOCOL));
    }

    /** Closes the queue, after observers of the application have used it. */
    void stop(
            @Observes @BeforeDestroyed(ApplicationScoped.class) @Priority(Interceptor.Priority.LIBRARY_AFTER)
                    Object event)
            throws MessagingException {
        MailQueue open;
        Session used;
        lock.lock();
        try {
            stopped = true;
            open = queue;
            used = session;
        } finally {
            lock.unlock();
        }
        if (open != null) {
            open.close();
        }
        if (used != null) {
            Postroad.close(used); // a queue that a send opened earlier, and idle connections
        }
    }
}
