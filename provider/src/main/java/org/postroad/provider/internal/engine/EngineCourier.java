// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.Optional;
import java.util.stream.Collectors;
import org.postroad.api.Deadline;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.MxRecord;
import org.postroad.api.RecordType;
import org.postroad.provider.internal.config.Settings.Plugins;
import org.postroad.provider.internal.deliver.MailObject;
import org.postroad.provider.internal.queue.Courier;
import org.postroad.provider.internal.route.NextHop;
import org.postroad.provider.internal.smtp.DialogueLog;

/** The engine in the service of the queue. Thread-safe. */
public final class EngineCourier implements Courier {

    private final Engine engine;
    private final Host self;
    private final Plugins plugins;

    /**
     * @param self the name in EHLO
     * @param plugins are held as long as this
     */
    public EngineCourier(Engine engine, Host self, Plugins plugins) {
        this.engine = engine;
        this.self = self;
        this.plugins = plugins;
    }

    @Override
    public DomainReport deliver(MailObject mail, Way way) throws InterruptedException {
        // A handshake that fails once may be a glitch: a message that can wait is not sent in the clear for it.
        Manner.Retry retry = new Manner.Retry(way.anew(), way.first(), way.anew());
        Manner manner = new Manner(self, true, DialogueLog.NONE, plugins, Optional.empty(), retry);
        return engine.send(mail, manner).domains().get(0);
    }

    @Override
    public String destination(Domain domain) throws InterruptedException {
        NextHop hop = engine.settings().routes().nextHop(domain);
        if (!hop.lookUpMx() || !(hop.host() instanceof HostName name)) {
            return hop.host().toString();
        }
        Deadline deadline = Deadline.after(engine.settings().dns().timeout());
        DnsAnswer<MxRecord> answer = engine.dns(plugins).query(name, RecordType.MX, deadline);
        String exchangers = answer.recordsOrNone().stream()
                .map(record -> record.exchange().toString())
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "));
        return exchangers.isEmpty() ? name.toString() : exchangers;
    }

    @Override
    public void tell(DeliveryEvent.Undeliverable event) {
        plugins.listener().ifPresent(listener -> Planner.tell(listener, event));
    }

    @Override
    public Host self() {
        return self;
    }
}
