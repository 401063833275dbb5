// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one instance of a plug-in's class that we made ourselves. It is kept by the class, and so lives as long as the class does: nothing
 * here holds an application's class loader after a redeployment. Thread-safe.
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

    /** The instance, made when first asked for. */
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
