// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.postroad.api.IpAddress;

/** The running lab; see the package documentation. */
final class PeerLab implements AutoCloseable {

    private final Opened opened;
    private final NameServers nameServers;
    private final MailServer dual;
    private final MailServer ipv6;
    private final MailServer ipv4;
    private final MailServer relay;
    private final Path strangersTrustStore;
    private final Sender senderIpv4;
    private final Sender senderIpv6;
    private final Sender senderDual;
    private final MailServer tls;
    private final Sender senderTls;
    private final PostTlsFinger finger;
    private final IpAddress plainResolver;
    private final IpAddress validatingResolver;

    /** Builds the lab. If a part fails, the parts built before are removed again. */
    static PeerLab start() {
        Opened opened = new Opened();
        try {
            return new PeerLab(opened);
        } catch (RuntimeException problem) {
            opened.closeAfter(problem);
            throw problem;
        }
    }

    private PeerLab(Opened opened) {
        this.opened = opened;
        LabZone zone = new LabZone(LabFiles.resource("internet.zone"));
        LabNetwork network = opened.add(new LabNetwork(zone));
        LabFiles files = opened.add(new LabFiles());

        LabAuthority authority = new LabAuthority(files.directory("authority"));
        Path tlsDirectory = files.directory("mxtls");
        PublishedTls published = new PublishedTls(authority, tlsDirectory);
        nameServers = opened.add(new NameServers(network, files, published.values(zone)));

        Postfix postfix = new Postfix(authority);
        Path policy = files.path("policy.sock");
        opened.add(new GreylistPolicy(policy));
        dual = opened.add(postfix.startExchanger(network.plug("mxdual"), files.directory("mxdual"), policy));
        ipv6 = opened.add(postfix.startExchanger(network.plug("mxv6"), files.directory("mxv6"), policy));
        ipv4 = opened.add(Exim.startExchanger(network.plug("mxv4"), files.directory("mxv4")));
        relay = opened.add(postfix.startRelay(network.plug("relay"), files.directory("relay")));

        tls = opened.add(postfix.startTlsExchanger(network.plug("mxtls"), tlsDirectory, published.services(zone)));
        opened.add(StrippingProxy.start(network.plug("stripper"), files.directory("stripper"), tls.host()));
        opened.add(PolicyHosts.start(network.plug("web"), files.directory("web"), authority));

        strangersTrustStore = new LabAuthority(files.directory("stranger")).trustStore();
        senderIpv4 = Sender.on(network.plug("send4"), files.directory("send4"), authority);
        senderIpv6 = Sender.on(network.plug("send6"), files.directory("send6"), authority);
        senderDual = Sender.on(network.plug("senddual"), files.directory("senddual"), authority);
        senderTls = Sender.on(network.plugTrusting("sendtls"), files.directory("sendtls"), authority);
        finger = PostTlsFinger.on(senderTls.host(), senderTls.directory());
        plainResolver = zone.addressesOf("ns").get(0);
        validatingResolver = zone.addressesOf("validating").get(0);
    }

    /** An application on a host with IPv4 that trusts the validating resolver. */
    Sender trustingTheResolver() {
        return senderTls.with("mail.mx.dns.trustad", validatingResolver.toString());
    }

    /** An application on the same host that trusts no resolver and validates itself. */
    Sender trustingTheRootKey() {
        return senderTls
                .with("mail.mx.dns.servers", plainResolver.toString())
                .with("mail.mx.dns.validate", "true")
                .with("mail.mx.dns.trustanchors", nameServers.trustAnchor().toString());
    }

    /** Returns the DNS answers for these names as {@link AskMain} prints them, validated locally on the same host. */
    List<String> provedHere(String... names) {
        return ask(plainResolver, nameServers.trustAnchor().toString(), names);
    }

    /** Returns the DNS answers for these names as the validating resolver gives them. */
    List<String> provedThere(String... names) {
        return ask(validatingResolver, "-", names);
    }

    private List<String> ask(IpAddress resolver, String anchors, String... names) {
        List<String> command = new ArrayList<>(Command.java(AskMain.class));
        command.addAll(List.of(resolver.toString(), anchors));
        command.addAll(List.of(names));
        return Command.run(senderTls.host().command(command)).lines().toList();
    }

    /** Postfix's posttls-finger on that host. */
    PostTlsFinger finger() {
        return finger;
    }

    /** The Postfix with TLS: mail for the domains below test. */
    MailServer tls() {
        return tls;
    }

    /** An application on a host without IPv6. */
    Sender senderIpv4() {
        return senderIpv4;
    }

    /** An application on a host without IPv4. */
    Sender senderIpv6() {
        return senderIpv6;
    }

    Sender senderDual() {
        return senderDual;
    }

    /** The Postfix with addresses of both families: mail for dual.example, grey.example and implicit.example. */
    MailServer dual() {
        return dual;
    }

    /** The Postfix with an IPv6 address only: mail for v6.example. */
    MailServer ipv6() {
        return ipv6;
    }

    /** The Exim with an IPv4 address only: mail for v4.example and, as second choice, fallback.example. */
    MailServer ipv4() {
        return ipv4;
    }

    MailServer relay() {
        return relay;
    }

    /** Returns the value of {@code mail.mx.relay} for the relay. */
    String relayUrl() {
        return "smtp://" + Postfix.RELAY_USER + "%40relay.example:" + Postfix.RELAY_PASSWORD + "@relay.example:"
                + Postfix.SUBMISSION_PORT + ";starttls=required";
    }

    /** Returns a trust store with an authority that issued no certificate in the lab. */
    Path strangersTrustStore() {
        return strangersTrustStore;
    }

    /** Runs a task while unbound is stopped. */
    <T> T whileResolverIsStopped(Supplier<T> action) {
        return nameServers.whileResolverIsStopped(action);
    }

    @Override
    public void close() {
        opened.close();
    }

    /** Closes the parts in reverse order, each even if others fail. */
    private static final class Opened {

        private final Deque<AutoCloseable> parts = new ArrayDeque<>();

        <T extends AutoCloseable> T add(T part) {
            parts.push(part);
            return part;
        }

        void close() {
            IllegalStateException problem = new IllegalStateException("The lab did not close cleanly");
            closeAfter(problem);
            if (problem.getSuppressed().length > 0) {
                throw problem;
            }
        }

        void closeAfter(RuntimeException problem) {
            while (!parts.isEmpty()) {
                try {
                    parts.pop().close();
                } catch (Exception another) {
                    problem.addSuppressed(another);
                }
            }
        }
    }
}
