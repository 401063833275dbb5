// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.Optional;
import java.util.stream.Collectors;
import org.postroad.api.Deadline;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.MxRecord;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.config.Settings.Plugins;
import org.postroad.provider.internal.deliver.BrokenClassPathException;
import org.postroad.provider.internal.deliver.MailObject;
import org.postroad.provider.internal.log.DeliveryLog;
import org.postroad.provider.internal.queue.DeliveryAgent;
import org.postroad.provider.internal.route.NextHop;
import org.postroad.provider.internal.smtp.DialogueLog;

/** Delivers messages of the queue through the engine. Thread-safe. */
public final class EngineDeliveryAgent implements DeliveryAgent {

    private final Engine engine;
    private final Host self;
    private final Plugins plugins;
    private final ClassLoader loader = Threads.callersLoader();

    /**
     * Created on the thread that opens the queue, whose context class loader the listener gets: its events also come from threads of other
     * applications.
     *
     * @param self the name in EHLO
     * @param plugins the plug-ins of the Session that opened the queue, held as long as this object
     */
    public EngineDeliveryAgent(Engine engine, Host self, Plugins plugins) {
        this.engine = engine;
        this.self = self;
        this.plugins = plugins;
    }

    @Override
    public DomainReport deliver(MailObject mail, RetryHints way) throws InterruptedException {
        // Plaintext only from the second attempt on: see SendOptions.Retry.FIRST.
        SendOptions.Retry retry = new SendOptions.Retry(way.freshDns(), way.firstAddress(), way.freshDns());
        SendOptions options = new SendOptions(self, true, DialogueLog.NONE, plugins, Optional.empty(), retry);
        return asTemporary(engine.send(mail, options).domains().get(0));
    }

    /** Makes the failure of a broken class path temporary: the message waits until the class path is fixed. */
    private static DomainReport asTemporary(DomainReport report) {
        return report.with(report.recipients().stream()
                .map(recipient -> recipient.status().equals(BrokenClassPathException.STATUS)
                                && recipient.decidedBy().isEmpty()
                        ? new RecipientReport(
                                recipient.recipient(),
                                Verdict.DEFERRED,
                                EnhancedStatus.SYSTEM_MISCONFIGURED_4_3_5,
                                recipient.decision(),
                                Optional.empty())
                        : recipient)
                .toList());
    }

    @Override
    public String destinationKey(Domain domain) throws InterruptedException {
        NextHop hop = engine.settings().routes().nextHop(domain);
        if (!hop.lookUpMx() || !(hop.host() instanceof HostName name)) {
            return hop.host().toString();
        }
        Deadline deadline = Deadline.after(engine.settings().dns().timeout());
        DnsAnswer<MxRecord> answer;
        try {
            answer = engine.dns(plugins).query(name, RecordType.MX, deadline);
        } catch (LinkageError noDnsHere) {
            return name.toString(); // the delivery will fail for the same reason and report it
        }
        String exchangers = answer.recordsOrNone().stream()
                .map(record -> record.exchange().toString())
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "));
        return exchangers.isEmpty() ? name.toString() : exchangers;
    }

    @Override
    public void notifyListener(DeliveryEvent event) {
        plugins.listener()
                .map(FailsafeListener::new)
                .ifPresent(listener -> Threads.run(() -> listener.on(event), loader));
    }

    @Override
    public DeliveryLog log() {
        return engine.settings().sending().log();
    }

    @Override
    public Host localHost() {
        return self;
    }
}
