// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.micronaut;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.email.javamail.sender.MailPropertiesProvider;
import jakarta.inject.Singleton;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.util.Properties;
import javax.sql.DataSource;
import org.postroad.provider.MailQueue;

/** The mail session of the queue, and the queue, in the application's DataSource. */
@Factory
public class MailBeans {

    @Singleton
    Session session(MailPropertiesProvider settings, DataSource dataSource) {
        Properties properties = new Properties();
        properties.putAll(settings.mailProperties());
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.put("mail.mx.queue.datasource", dataSource);
        return Session.getInstance(properties);
    }

    /** Opened at the start, so that mail of an earlier run is delivered. Closed before the DataSource, on which it depends. */
    @Context
    @Bean(preDestroy = "close")
    MailQueue queue(Session session) throws MessagingException {
        return MailQueue.open(session);
    }
}
