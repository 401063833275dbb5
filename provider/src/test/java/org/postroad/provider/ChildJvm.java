// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postroad.provider.internal.log.DeliveryLog;

/** Starts test programs in a separate JVM. */
public final class ChildJvm {

    private static final Logger DELIVERIES =
            Logger.getLogger(DeliveryLog.LOGGER); // held, because the JDK holds loggers weakly

    /** The first JDK that warns, in the output, of drivers with native code. */
    private static final int WARNS_OF_NATIVE_CODE = 24;

    private ChildJvm() {}

    /** Keeps the log of deliveries out of the output of this JVM, which is compared. */
    public static void logNoDeliveries() {
        DELIVERIES.setLevel(Level.OFF);
    }

    /** Returns the command that starts a program; the caller appends its arguments. */
    public static List<String> command(Class<?> main, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        if (Runtime.version().feature() >= WARNS_OF_NATIVE_CODE) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        return command;
    }
}
