// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds the single instance of each plug-in class that is created here. A {@link ClassValue} keeps it, so it lives as long as the class,
 * and no class loader of an application is held after a redeployment. Thread-safe.
 */
public final class OnePerClass {

    private static final ClassValue<OnePerClass> KEPT = new ClassValue<>() {
        @Override
        protected OnePerClass computeValue(Class<?> type) {
            return new OnePerClass();
        }
    };

    private @Nullable Object instance;

    private OnePerClass() {}

    /** Returns the instance of the class, created at the first call. */
    public static <T> T instance(Class<? extends T> type, Supplier<? extends T> maker) {
        return type.cast(KEPT.get(type).get(maker));
    }

    private synchronized Object get(Supplier<?> maker) {
        Object made = instance;
        if (made == null) {
            made = maker.get();
            instance = made;
        }
        return made;
    }
}
