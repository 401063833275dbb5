// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.lang.ref.WeakReference;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.spi.MailDns;

/** Weak reference to the resolver of an application, so that the cache does not keep it alive. Never closes it. */
final class WeakMailDns implements MailDns {

    private final WeakReference<MailDns> resolver;

    WeakMailDns(MailDns resolver) {
        this.resolver = new WeakReference<>(resolver);
    }

    @Override
    public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline) throws InterruptedException {
        MailDns present = resolver.get();
        return present == null
                ? new DnsAnswer.Failed<>(DnsAnswer.Cause.CLOSED, "the resolver is gone")
                : present.query(name, type, deadline);
    }

    @Override
    public void close() {}
}
