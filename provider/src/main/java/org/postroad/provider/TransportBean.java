// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.util.Optional;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.connect.DiallerFactory.SilentAddress;
import org.postroad.provider.internal.deliver.BrokenExtensions.BrokenServer;
import org.postroad.provider.internal.engine.EngineMonitor;
import org.postroad.provider.internal.management.BeanRegistration;
import org.postroad.provider.internal.management.OpenBean;
import org.postroad.provider.internal.management.TableType;

/** The JMX bean of what sends with one set of settings: its attributes and operations, in words. Thread-safe. */
final class TransportBean {

    /** The type in the ObjectName. */
    static final String TYPE = "Transport";

    /** The name if {@code mail.mx.localhost} is not set. */
    private static final String UNNAMED = "default";

    private static final TableType<SilentAddress> SILENT_ADDRESSES = TableType.<SilentAddress>of(
                    "SilentAddress", "An address that did not answer")
            .text("address", "The IP address", silent -> silent.address().toString())
            .time("since", "When it last did not answer", SilentAddress::since)
            .time("until", "Until when it is dialled last", SilentAddress::until)
            .build();

    private static final TableType<BrokenServer> BROKEN_SERVERS = TableType.<BrokenServer>of(
                    "BrokenServer", "A server that announces extensions but fails when they are used")
            .text("server", "Its IP address and port", BrokenServer::server)
            .text(
                    "extensions",
                    "Those that are not used with it: CHUNKING, perhaps PIPELINING",
                    BrokenServer::extensions)
            .time("until", "Until when they are not used", BrokenServer::until)
            .build();

    private final EngineMonitor monitor;

    private TransportBean(EngineMonitor monitor) {
        this.monitor = monitor;
    }

    /**
     * Registers what sends with these settings, under the EHLO name, with a number if there are several of that name. If that fails, logs a
     * warning; sending works without JMX.
     *
     * @return unregisters it
     */
    static Runnable register(Settings settings, EngineMonitor monitor) {
        String name = settings.identity().localHost().map(Object::toString).orElse(UNNAMED);
        Optional<ObjectName> registered = BeanRegistration.register(TYPE, name, describe(monitor));
        return () -> registered.ifPresent(BeanRegistration::unregister);
    }

    /** {@return the bean} */
    static OpenBean describe(EngineMonitor monitor) {
        OpenBean.Builder bean = OpenBean.named(
                "org.postroad.Transport",
                "What sends with one set of mail.mx.* settings: directly (protocol mx) and for a queue. Counters begin with the first send"
                        + " and never decrease. Reading an attribute does not wait for the network");
        TransportBean transport = new TransportBean(monitor);
        transport.counters(bean);
        transport.kept(bean);
        transport.operations(bean);
        return bean.build();
    }

    private void counters(OpenBean.Builder bean) {
        bean.number(
                        "Sends",
                        "Counter: sends that have ended: messages of the protocol mx, and attempts of a queue",
                        monitor::sends)
                .number(
                        "Delivered",
                        "Counter: recipients whose mail a server accepted (status 2.x.x)",
                        () -> monitor.recipients(Verdict.DELIVERED))
                .number(
                        "Deferred",
                        "Counter: results for a recipient that are temporary failures (status 4.x.x); mx does not retry",
                        () -> monitor.recipients(Verdict.DEFERRED))
                .number(
                        "InDoubt",
                        "Counter: results for a recipient that are unknown, because the connection broke before the reply",
                        () -> monitor.recipients(Verdict.IN_DOUBT))
                .number(
                        "Failed",
                        "Counter: results for a recipient that are permanent failures (status 5.x.x)",
                        () -> monitor.recipients(Verdict.FAILED))
                .number(
                        "ConnectionsOpened",
                        "Counter: connections opened",
                        () -> monitor.connections().opened())
                .number(
                        "ConnectionsReused",
                        "Counter: how often a kept connection was used for another message",
                        () -> monitor.connections().reused())
                .number(
                        "DnsHits",
                        "Counter: DNS questions answered from the cache",
                        () -> monitor.dns().hits())
                .number(
                        "DnsMisses",
                        "Counter: DNS questions to the resolver",
                        () -> monitor.dns().misses())
                .number(
                        "DnsFailures",
                        "Counter: those of DnsMisses that failed; a name that does not exist is no failure",
                        () -> monitor.dns().failures());
    }

    private void kept(OpenBean.Builder bean) {
        bean.number("ConnectionsInUse", "Connections that are being opened or used", () ->
                        (long) monitor.connections().inUse())
                .number("ConnectionsIdle", "Connections that are kept for the next message", () ->
                        (long) monitor.connections().idle())
                .number(
                        "ConnectionLimit",
                        "The maximum number of connections, in use and idle (mail.mx.maxconnections)",
                        () -> (long) monitor.connections().limit())
                .number("DnsAnswers", "DNS answers in the cache", () -> (long) monitor.dnsAnswers())
                .table(
                        "SilentAddresses",
                        "Addresses that did not answer within the last ten minutes, and are dialled last",
                        SILENT_ADDRESSES,
                        monitor::silentAddresses)
                .text(
                        "SilentFamilies",
                        "IPv4 or IPv6, if hosts did not answer in it while they answered in the other one; empty if there is none",
                        () -> monitor.silentFamilies().stream()
                                .map(Object::toString)
                                .collect(Collectors.joining(" ")))
                .table(
                        "BrokenServers",
                        "Servers that announce PIPELINING or CHUNKING but failed when it was used within the last hour",
                        BROKEN_SERVERS,
                        monitor::brokenServers);
    }

    private void operations(OpenBean.Builder bean) {
        bean.change("forgetDns", "Removes all DNS answers from the cache", in -> monitor.forgetDns())
                .change(
                        "forgetSilentAddresses",
                        "Forgets which addresses and families did not answer",
                        in -> monitor.forgetSilence())
                .change(
                        "forgetBrokenServers",
                        "Forgets which servers fail on extensions",
                        in -> monitor.forgetBrokenServers())
                .change(
                        "closeIdleConnections",
                        "Closes the connections that are kept for the next message",
                        in -> monitor.closeIdleConnections());
    }
}
