// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postroad.api.CredentialsSource;
import org.postroad.api.Printable;
import org.postroad.provider.internal.config.OnePerClass;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.config.Settings.Plugins;
import org.postroad.provider.internal.config.SettingsException;
import org.postroad.provider.internal.engine.FoundPlugin.Origin;
import org.postroad.spi.AddressOrder;
import org.postroad.spi.Connector;
import org.postroad.spi.DeliveryListener;
import org.postroad.spi.MailDns;
import org.postroad.spi.RelaySelector;

/**
 * Finds the implementations of the SPIs for one send, on the sending thread, and releases them when it is closed. For each SPI the first
 * match is used: an object or a class name in the properties; a CDI bean, if a container is running; a service that {@link ServiceLoader}
 * finds through the context class loader, if there are several the one with the highest {@code jakarta.annotation.Priority}. Without a
 * match the built-in implementation is used. CDI observers of delivery events get them beside the listener.
 */
public final class PluginDiscovery implements AutoCloseable {

    private static final String PRIORITY = "jakarta.annotation.Priority";
    private static final WithoutService WITHOUT_SERVICE = new WithoutService();
    private static final boolean CDI_IS_VISIBLE = isVisible("jakarta.enterprise.inject.spi.CDI");

    /** The SPIs for which an application needs no implementation. The others are optional. */
    private static final Set<Class<?>> BUILT_IN =
            Set.of(MailDns.class, Connector.class, RelaySelector.class, AddressOrder.class);

    private final Plugins plugins;
    private final List<FoundPlugin> found = new ArrayList<>();
    private final List<Runnable> releases = new ArrayList<>();

    /**
     * Looks up all implementations.
     *
     * @throws SettingsException if a property is wrong, an implementation cannot be created, or several implementations of an SPI
     *     have equal rank; the message names them
     */
    public PluginDiscovery(Properties properties) {
        Plugins given = Settings.plugins(properties);
        boolean complete = false;
        try {
            plugins = new Plugins(
                    find(given.dns(), MailDns.class, loader -> ServiceLoader.load(MailDns.class, loader)),
                    find(given.connector(), Connector.class, loader -> ServiceLoader.load(Connector.class, loader)),
                    find(
                            given.relaySelector(),
                            RelaySelector.class,
                            loader -> ServiceLoader.load(RelaySelector.class, loader)),
                    find(
                            given.addressOrder(),
                            AddressOrder.class,
                            loader -> ServiceLoader.load(AddressOrder.class, loader)),
                    findListener(given.listener()),
                    find(
                            given.relayCredentials(),
                            CredentialsSource.class,
                            loader -> ServiceLoader.load(CredentialsSource.class, loader)));
            complete = true;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    private PluginDiscovery(Optional<DeliveryListener> given) {
        boolean complete = false;
        try {
            plugins = new Plugins(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    findListener(given),
                    Optional.empty());
            complete = true;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    /**
     * Looks up the listener alone, for what sends nothing.
     *
     * @throws SettingsException if the property is wrong, the listener cannot be created, or there are several of equal rank
     */
    static PluginDiscovery ofListener(Properties properties) {
        return new PluginDiscovery(Settings.listener(properties));
    }

    /**
     * Returns the source of credentials for relays, which is not released.
     *
     * @throws SettingsException as the constructor
     */
    public static Optional<CredentialsSource> relayCredentials(Properties properties) {
        return Settings.relayCredentials(properties)
                .or(() -> bean(CredentialsSource.class))
                .or(() -> service(
                        CredentialsSource.class, loader -> ServiceLoader.load(CredentialsSource.class, loader)));
    }

    /**
     * Returns the CDI bean of the type DataSource.
     *
     * @return never empty
     * @throws SettingsException if there is none, or several, which the message names
     */
    static Optional<DataSource> dataSource() {
        Optional<DataSource> bean = bean(DataSource.class);
        if (bean.isEmpty()) {
            throw new SettingsException(
                    "The property mail.mx.queue.datasource has the value \"cdi\", and there is no CDI bean of the type DataSource");
        }
        return bean;
    }

    /**
     * Returns the CDI bean of the type, which is not released.
     *
     * @return empty if no container is running or it has no such bean
     * @throws SettingsException if there are several; the message names them
     */
    static <T> Optional<T> bean(Class<T> type) {
        return CDI_IS_VISIBLE
                ? CdiBeans.find(type, release -> {}).map(CdiBeans.FoundBean::reference)
                : Optional.empty();
    }

    /** What is known of CDI on the calling thread. */
    public enum CdiState {
        /** The types of CDI are not visible to Postroad. */
        NOT_VISIBLE,
        NO_CONTAINER,
        RUNNING
    }

    /** Returns what is known of CDI on the calling thread. */
    public static CdiState cdiState() {
        if (!CDI_IS_VISIBLE) {
            return CdiState.NOT_VISIBLE;
        }
        return CdiBeans.isContainerRunning() ? CdiState.RUNNING : CdiState.NO_CONTAINER;
    }

    /** Returns the implementations found. */
    public Plugins plugins() {
        return plugins;
    }

    /** Returns for each SPI the implementation that is used, and where it was found. Observers of CDI have an entry if there are any. */
    public List<FoundPlugin> found() {
        return List.copyOf(found);
    }

    /** Destroys dependent CDI beans. Idempotent. */
    @Override
    public void close() {
        releases.forEach(Runnable::run);
        releases.clear();
    }

    private Optional<DeliveryListener> findListener(Optional<DeliveryListener> given) {
        return withObservers(
                find(given, DeliveryListener.class, loader -> ServiceLoader.load(DeliveryListener.class, loader)));
    }

    private <T> Optional<T> find(Optional<T> given, Class<T> type, Function<ClassLoader, ServiceLoader<T>> services) {
        Optional<T> plugin = given.map(object -> use(type, Origin.PROPERTY, object))
                .or(() -> CDI_IS_VISIBLE ? inCdi(type) : Optional.empty())
                .or(() -> service(type, services).map(service -> use(type, Origin.SERVICE, service)));
        if (plugin.isEmpty()) {
            found.add(FoundPlugin.without(type, BUILT_IN.contains(type) ? Origin.BUILT_IN : Origin.NONE));
        }
        return plugin;
    }

    private <T> T use(Class<T> type, Origin origin, T plugin) {
        found.add(FoundPlugin.of(type, origin, plugin.getClass()));
        return plugin;
    }

    private <T> Optional<T> inCdi(Class<T> type) {
        return CdiBeans.find(type, releases::add).map(bean -> {
            found.add(FoundPlugin.of(type, Origin.CDI, bean.beanClass()));
            return bean.reference();
        });
    }

    /** Adds the CDI observers of delivery events, if there are any, to the listener. */
    private Optional<DeliveryListener> withObservers(Optional<DeliveryListener> listener) {
        Optional<DeliveryListener> observers = CDI_IS_VISIBLE ? CdiBeans.observers() : Optional.empty();
        if (observers.isEmpty()) {
            return listener;
        }
        found.add(FoundPlugin.without(DeliveryListener.class, Origin.CDI_OBSERVERS));
        return Optional.of(listener.<DeliveryListener>map(own -> new ListenerAndObservers(own, observers.get()))
                .orElse(observers.get()));
    }

    /** Returns whether the class loader of this class finds the class. */
    public static boolean isVisible(String name) {
        try {
            Class.forName(name, false, PluginDiscovery.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError absent) {
            return false;
        }
    }

    /** Returns the service of the type. The caller passes the call of ServiceLoader with a constant type, so that tools can find it. */
    private static <T> Optional<T> service(Class<T> type, Function<ClassLoader, ServiceLoader<T>> services) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = context != null ? context : PluginDiscovery.class.getClassLoader();
        if (WITHOUT_SERVICE.has(loader, type)) {
            return Optional.empty();
        }
        List<ServiceLoader.Provider<T>> found = load(type, services, loader);
        if (found.isEmpty()) {
            WITHOUT_SERVICE.add(loader, type);
        }
        if (found.size() > 1
                && priority(found.get(0).type()) == priority(found.get(1).type())) {
            throw new SettingsException("There are several services of " + type.getName()
                    + " and none has the highest priority (@Priority): "
                    + found.stream()
                            .map(provider -> provider.type().getName())
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
        try {
            return found.stream().findFirst().map(provider -> OnePerClass.<T>instance(provider.type(), provider));
        } catch (ServiceConfigurationError | LinkageError e) {
            throw unusable(type, e);
        }
    }

    private static <T> List<ServiceLoader.Provider<T>> load(
            Class<T> type, Function<ClassLoader, ServiceLoader<T>> services, ClassLoader loader) {
        try {
            return services.apply(loader).stream()
                    .sorted(Comparator.comparingInt((ServiceLoader.Provider<T> provider) -> priority(provider.type()))
                            .reversed())
                    .toList();
        } catch (ServiceConfigurationError | LinkageError e) {
            throw unusable(type, e);
        }
    }

    private static SettingsException unusable(Class<?> type, Error failure) {
        return new SettingsException(
                "A service of " + type.getName() + " cannot be used: " + Printable.clean(failure.toString()), failure);
    }

    /** Returns the priority of a class. The annotation is read by name, because its class may be missing at run time. */
    private static int priority(Class<?> type) {
        for (Annotation annotation : type.getAnnotations()) {
            if (annotation.annotationType().getName().equals(PRIORITY)) {
                try {
                    return (int) annotation.annotationType().getMethod("value").invoke(annotation);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException("The priority of " + type.getName() + " cannot be read", e);
                }
            }
        }
        return Integer.MIN_VALUE;
    }

    /**
     * Remembers which class loaders have no service of a type, because searching all their jars takes longer than sending a message. The
     * services of a class loader do not change during its life. Class loaders are held weakly. Thread-safe.
     */
    private static final class WithoutService {

        private final ReentrantLock lock = new ReentrantLock();

        @GuardedBy("lock")
        private final Map<ClassLoader, Set<Class<?>>> types = new WeakHashMap<>();

        boolean has(ClassLoader loader, Class<?> type) {
            lock.lock();
            try {
                return types.getOrDefault(loader, Set.of()).contains(type);
            } finally {
                lock.unlock();
            }
        }

        /** @param type an SPI type of Postroad, so that it does not hold a class loader of an application */
        void add(ClassLoader loader, Class<?> type) {
            lock.lock();
            try {
                types.computeIfAbsent(loader, key -> new HashSet<>()).add(type);
            } finally {
                lock.unlock();
            }
        }
    }
}
