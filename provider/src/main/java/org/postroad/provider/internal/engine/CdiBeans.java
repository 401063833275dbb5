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

/** Looks up CDI beans. The only class that uses CDI types; loaded only if CDI is visible. */
final class CdiBeans {

    private CdiBeans() {}

    /** Returns whether a container is running that belongs to the calling thread. */
    static boolean isContainerRunning() {
        return running().isPresent();
    }

    private static Optional<BeanManager> running() {
        try {
            return Optional.of(CDI.current().getBeanManager());
        } catch (IllegalStateException noContainer) {
            return Optional.empty();
        }
    }

    /**
     * Returns the bean of the type in the running container.
     *
     * @param releases receives an action that destroys a dependent bean; it has no effect on a bean with another scope
     * @return empty if no container is running or it has no such bean
     * @throws SettingsException if there are several, which the message names, or the bean cannot be created
     */
    static <T> Optional<T> find(Class<T> type, Consumer<Runnable> releases) {
        Optional<BeanManager> running = running();
        if (running.isEmpty()) {
            return Optional.empty();
        }
        BeanManager manager = running.get();
        Set<Bean<?>> beans = manager.getBeans(type);
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
            return Optional.of(type.cast(manager.getReference(bean, type, context)));
        } catch (RuntimeException | LinkageError e) { // the application's code, and the container's
            throw new SettingsException(
                    "The CDI bean " + bean.getBeanClass().getName() + " of " + type.getName() + " cannot be used: "
                            + Printable.clean(e.toString()),
                    e);
        }
    }
}
