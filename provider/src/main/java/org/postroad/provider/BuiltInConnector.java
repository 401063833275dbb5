// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.enterprise.inject.Vetoed;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import org.postroad.provider.internal.connect.SocketConnector;
import org.postroad.spi.Connector;


/**
 * The connector that is used if an application has none: plain TCP connections. For applications that put their own {@link Connector}
 * around it. With {@code mail.mx.socks.host}, no other connector is allowed, even one around this.
 *
 * <p>Thread-safe.
 */
@Singleton
@Vetoed // a producer makes it in CDI containers, without the type of the interface: it must not compete with the application's bean
public final class BuiltInConnector implements Connector {

    private final Connector connector;

    /**
     * Creates it.
     *
     * @param settings properties as those of a Session
     * @throws MessagingException if a property is wrong
     */
    @Inject
    public BuiltInConnector(@Mx Properties settings) throws MessagingException {
        this.connector = Engines.builtIn(settings, read -> new SocketConnector(read.connect().socks()));
    }

    @Override
    public Socket connect(Dial dial) throws IOException {
        return connector.connect(dial);
    }
}
