// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** How much memory a thread has allocated. */
public final class Allocations {

    private Allocations() {}

    /** By the thread that asks, since it began, in octets. Asked by name: the module of the bean's interface is not read here. */
    public static long ofThisThread() {
        try {
            return (long) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME),
                            "getThreadAllocatedBytes",
                            new Object[] {Thread.currentThread().getId()},
                            new String[] {"long"});
        } catch (JMException e) {
            throw new IllegalStateException("This JVM counts no allocations", e);
        }
    }
}
