// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.postroad.api.IpAddress;

/** The lab, up and running; the package documentation says what is in it. */
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

    /** Builds it all; where a part fails, what was built before is removed again. */
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

    /** An application on a host with IPv4 that trusts the resolver that validates. */
    Sender trustingTheResolver() {
        return senderTls.with("mail.mx.dns.trustad", validatingResolver.toString());
    }

    /** The same host, an application that trusts no resolver and validates by itself. */
    Sender trustingTheRootKey() {
        return senderTls
                .with("mail.mx.dns.servers", plainResolver.toString())
                .with("mail.mx.dns.validate", "true")
                .with("mail.mx.dns.trustanchors", nameServers.trustAnchor().toString());
    }

    /** What DNS says of the addresses and texts of these names, as {@link AskMain} prints it; who asks validates, on the same host. */
    List<String> provedHere(String... names) {
        return ask(plainResolver, nameServers.trustAnchor().toString(), names);
    }

    /** The same, as the resolver that validates has it. */
    List<String> provedThere(String... names) {
        return ask(validatingResolver, "-", names);
    }

    private List<String> ask(IpAddress resolver, String anchors, String... names) {
        List<String> command = new ArrayList<>(Command.java(AskMain.class));
        command.addAll(List.of(resolver.toString(), anchors));
        command.addAll(List.of(names));
        return Command.run(senderTls.host().command(command)).lines().toList();
    }

    /** Postfix's view from there. */
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

    /** The relay as {@code mail.mx.relay} wants it. */
    String relayUrl() {
        return "smtp://" + Postfix.RELAY_USER + "%40relay.example:" + Postfix.RELAY_PASSWORD + "@relay.example:"
                + Postfix.SUBMISSION_PORT + ";starttls=required";
    }

    /** Trust in an authority that has issued nothing here. */
    Path strangersTrustStore() {
        return strangersTrustStore;
    }

    /** Runs something while unbound is stopped. */
    <T> T whileResolverIsStopped(Supplier<T> action) {
        return nameServers.whileResolverIsStopped(action);
    }

    @Override
    public void close() {
        opened.close();
    }

    /** What is to be closed, last opened first, each whatever happens to the others. */
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
