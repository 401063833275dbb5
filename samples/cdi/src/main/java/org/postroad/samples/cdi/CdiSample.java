// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cdi;

import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import java.io.PrintStream;

/** Starts a container and sends mail from two domains. Each takes the relay of its sender. */
public final class CdiSample {

    private CdiSample() {}

    /** Runs the sample, and fails if a message took the wrong relay. */
    public static void main(String[] arguments) throws Exception {
        if (!runs(System.out)) {
            throw new IllegalStateException("A message took the wrong relay");
        }
    }

    /** Returns whether each relay got one message for each domain. */
    static boolean runs(PrintStream out) throws Exception {
        try (SeContainer container = SeContainerInitializer.newInstance().initialize()) {
            Network network = container.select(Network.class).get();
            boolean asExpected = true;
            for (String sender : new String[] {"shop.test", "bank.test"}) {
                container.select(Newsletter.class).get().send("news@" + sender);
                out.println("from " + sender + ":");
                container.select(DeliveryLog.class).get().take().forEach(line -> out.println("  " + line));
                out.println("  messages at the relay of " + sender + ": " + network.received(sender));
                asExpected &= network.received(sender) == 2;
            }
            return asExpected;
        }
    }
}
