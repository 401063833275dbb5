// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.management;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** A bean in the MBean server of the JVM. What it is about works without JMX: each failure is logged once, as a warning. Thread-safe. */
public final class BeanRegistration {

    private static final String DOMAIN = "org.postroad:type=";

    /** Maximum number of beans of the same name. */
    private static final int MAX_SAME_NAME = 1000;

    private static final String PLAIN_NAME = "[A-Za-z0-9._-]+";

    private BeanRegistration() {}

    /**
     * Registers a bean. If the name is taken, as by another application with a copy of Postroad, a number is appended: {@code name-2} if
     * the name consists of letters, digits, dots, hyphens and underscores, and {@code "name (2)"} otherwise.
     *
     * @param name any text; it is quoted unless it consists of these characters
     * @return the name under which it is registered; empty if it is not
     */
    public static Optional<ObjectName> register(String type, String name, OpenBean bean) {
        try {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            for (int number = 1; ; number++) {
                ObjectName numbered = objectName(type, number == 1 ? name : numbered(name, number));
                try {
                    server.registerMBean(bean, numbered);
                    return Optional.of(numbered);
                } catch (InstanceAlreadyExistsException taken) {
                    if (number == MAX_SAME_NAME) {
                        throw taken;
                    }
                }
            }
        } catch (JMException | RuntimeException e) {
            warn(type + " " + name + " cannot be registered in JMX", e);
            return Optional.empty();
        }
    }

    private static String numbered(String name, int number) {
        return name.matches(PLAIN_NAME) ? name + "-" + number : name + " (" + number + ")";
    }

    private static ObjectName objectName(String type, String name) throws JMException {
        return new ObjectName(DOMAIN + type + ",name=" + (name.matches(PLAIN_NAME) ? name : ObjectName.quote(name)));
    }

    /** Unregisters a bean. */
    public static void unregister(ObjectName name) {
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
        } catch (InstanceNotFoundException gone) {
            System.getLogger(BeanRegistration.class.getName())
                    .log(System.Logger.Level.DEBUG, name + " was unregistered by other code", gone);
        } catch (JMException | RuntimeException e) {
            warn(name + " cannot be unregistered from JMX", e);
        }
    }

    private static void warn(String text, Exception e) {
        System.getLogger(BeanRegistration.class.getName()).log(System.Logger.Level.WARNING, text, e);
    }
}
