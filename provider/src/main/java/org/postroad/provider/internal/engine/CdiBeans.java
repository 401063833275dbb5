// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.inject.AmbiguousResolutionException;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.CDI;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.postroad.api.Printable;
import org.postroad.provider.internal.config.SettingsException;
import org.postroad.spi.DeliveryListener;

/** Looks up CDI beans. Loaded only if CDI is visible. */
final class CdiBeans {

    /** Our own classes can become beans, as in one jar with an application whose beans.xml says "all". They are no plug-ins. */
    private static final String OWN_CLASSES = "org.postroad.provider.internal.";

    private CdiBeans() {}

    /** Returns whether a container is running that belongs to the calling thread. */
    static boolean isContainerRunning() {
        return container().isPresent();
    }

    /**
     * A bean.
     *
     * @param reference may be a proxy
     * @param beanClass the class of the bean, or the one with its producer
     */
    record FoundBean<T>(T reference, Class<?> beanClass) {}

    /**
     * Returns the bean of the type that the application in the running container has.
     *
     * @param releases receives an action that destroys a dependent bean; it has no effect on a bean with another scope
     * @return empty if no container is running or it has no such bean
     * @throws SettingsException if there are several, which the message names, or the bean cannot be created
     */
    static <T> Optional<FoundBean<T>> find(Class<T> type, Consumer<Runnable> releases) {
        return container().flatMap(manager -> find(manager, type, releases));
    }

    /** Returns what fires delivery events in the running container; empty if no container is running or nothing observes them. */
    static Optional<DeliveryListener> observers() {
        return container()
                .map(CdiObservers::new)
                .filter(CdiObservers::exist)
                .map(DeliveryListener.class::cast);
    }

    private static Optional<BeanManager> container() {
        try {
            return Optional.of(CDI.current().getBeanManager());
        } catch (IllegalStateException noContainer) {
            return Optional.empty();
        }
    }

    private static <T> Optional<FoundBean<T>> find(BeanManager manager, Class<T> type, Consumer<Runnable> releases) {
        Set<Bean<?>> beans = manager.getBeans(type).stream()
                .filter(bean -> !bean.getBeanClass().getName().startsWith(OWN_CLASSES))
                .collect(Collectors.toSet());
        if (beans.isEmpty()) {
            return Optional.empty();
        }
        Bean<?> bean;
        try {
            bean = manager.resolve(beans);
        } catch (AmbiguousResolutionException e) {
            String names = beans.stream()
                    .map(several -> several.getBeanClass().getName())
                    .sorted()
                    .collect(Collectors.joining(", "));
            throw new SettingsException("There are several CDI beans of " + type.getName() + ": " + names, e);
        }
        CreationalContext<?> context = manager.createCreationalContext(bean);
        releases.accept(context::release);
        try {
            return Optional.of(
                    new FoundBean<>(type.cast(manager.getReference(bean, type, context)), bean.getBeanClass()));
        } catch (RuntimeException | LinkageError e) { // the application's code, and the container's
            throw new SettingsException(
                    "The CDI bean " + bean.getBeanClass().getName() + " of " + type.getName() + " cannot be used: "
                            + Printable.clean(e.toString()),
                    e);
        }
    }
}
