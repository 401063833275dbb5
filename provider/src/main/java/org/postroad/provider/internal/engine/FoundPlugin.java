// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import org.postroad.api.Printable;

/**
 * The implementation of an SPI that sends use, and where it was found. Holds no class of an application.
 *
 * @param spi the simple name of the interface
 * @param origin where the implementation was found
 * @param implementation the name of its class; empty if the application has none
 */
public record FoundPlugin(String spi, Origin origin, String implementation) {

    /** Where an implementation was found. */
    public enum Origin {
        /** An object in the properties, or a class that they name. */
        PROPERTY("property"),
        /** A bean of the CDI container that is running. */
        CDI("CDI bean"),
        /** Observers of {@code DeliveryEvent} in the CDI container that is running. */
        CDI_OBSERVERS("CDI observers"),
        /** A service of {@code ServiceLoader}. */
        SERVICE("service"),
        /** The application has none, and the built-in one is used. */
        BUILT_IN("built in"),
        /** The application has none, and there is no built-in one. */
        NONE("none");

        private final String text;

        Origin(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static FoundPlugin of(Class<?> spi, Origin origin, Class<?> implementation) {
        return new FoundPlugin(spi.getSimpleName(), origin, Printable.clean(implementation.getName()));
    }

    static FoundPlugin without(Class<?> spi, Origin origin) {
        return new FoundPlugin(spi.getSimpleName(), origin, "");
    }

    @Override
    public String toString() {
        return spi + ": " + (implementation.isEmpty() ? origin.toString() : implementation + " (" + origin + ")");
    }
}
