// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.microprofile;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.util.Properties;
import org.eclipse.microprofile.config.Config;
import org.postroad.provider.MailQueue;
import org.postroad.provider.Postroad;

/** The mail sessions of the application. Their properties are those of the configuration that begin with {@code mail.}. */
@Singleton
public class MailSessions {

    private final Config config;

    @Inject
    MailSessions(Config config) {
        this.config = config;
    }

    /** Returns the session for {@code mx} or {@code mxqueue}. */
    Session session(String protocol) {
        Properties properties = new Properties();
        for (String name : config.getPropertyNames()) {
            if (name.startsWith("mail.")) {
                properties.setProperty(name, config.getValue(name, String.class));
            }
        }
        properties.setProperty("mail.transport.protocol.rfc822", protocol);
        return Session.getInstance(properties);
    }

    /** Opens the queue, so that mail of an earlier run is delivered. It stays open until the application stops. */
    void open(@Observes Startup event) throws MessagingException {
        MailQueue.open(session("mxqueue"));
    }

    /** Closes the queue before its DataSource. */
    void close(@Observes Shutdown event) {
        Postroad.closeApplication();
    }
}
