// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.enterprise.inject.Vetoed;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.mail.MessagingException;
import java.util.Properties;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.provider.internal.dns.DnsjavaMailDns;
import org.postroad.spi.MailDns;


/**
 * The DNS client that is used if an application has none, with the settings {@code mail.mx.dns.*}, for applications that put their own
 * {@link MailDns} around it. It does not cache; the core caches the answers of every implementation.
 *
 * <p>Thread-safe. An idle one owns neither threads nor sockets.
 */
@Singleton
@Vetoed // a producer makes it in CDI containers, without the type of the interface: it must not compete with the application's bean
public final class BuiltInMailDns implements MailDns {

    private final MailDns dns;

    /**
     * Creates it.
     *
     * @param settings properties as those of a Session
     * @throws MessagingException if a property is wrong or a library is missing
     */
    @Inject
    public BuiltInMailDns(@Mx Properties settings) throws MessagingException {
        this.dns = Engines.builtIn(settings, read -> new DnsjavaMailDns(read.dns()));
    }

    @Override
    public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline) throws InterruptedException {
        return dns.query(name, type, deadline);
    }

    @Override
    public void close() {
        dns.close();
    }
}
