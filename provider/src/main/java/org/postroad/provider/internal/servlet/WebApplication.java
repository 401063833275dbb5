// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.servlet;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.naming.NamingException;
import org.postroad.provider.MailQueue;
import org.postroad.provider.Postroad;
import org.postroad.provider.internal.config.JndiNames;

/**
 * Opens the queues of a web application when it starts, and closes everything of it when it stops. Servlet containers find it in
 * {@code META-INF/services}. The context parameter {@code org.postroad.sessions} has the JNDI names of the mail Sessions whose queues are
 * opened, separated by commas.
 */
public final class WebApplication implements ServletContainerInitializer {

    /** The context parameter with the JNDI names of Sessions. */
    static final String SESSIONS = "org.postroad.sessions";

    @Override
    public void onStartup(Set<Class<?>> classes, ServletContext context) {
        context.addListener(new Queues());
    }

    /** The queues that the container opened for the application. */
    private static final class Queues implements ServletContextListener {

        private final List<MailQueue> open = new ArrayList<>();

        /** @throws IllegalStateException if a queue cannot be opened: the application does not start then */
        @Override
        public void contextInitialized(ServletContextEvent event) {
            String names = event.getServletContext().getInitParameter(SESSIONS);
            if (names == null) {
                return;
            }
            for (String name : names.split(",", -1)) {
                try {
                    open.add(MailQueue.open(JndiNames.find(name.strip(), Session.class)));
                } catch (NamingException | MessagingException e) {
                    close();
                    throw new IllegalStateException(
                            "The queue of the mail Session \"" + name.strip() + "\" (context parameter " + SESSIONS
                                    + ") cannot be opened: " + e.getMessage(),
                            e);
                }
            }
        }

        @Override
        public void contextDestroyed(ServletContextEvent event) {
            close();
            Postroad.closeApplication();
        }

        private void close() {
            open.forEach(MailQueue::close);
            open.clear();
        }
    }
}
