// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

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
        nameServers = opened.add(new NameServers(network.plug("ns"), zone, files.directory("ns")));

        LabAuthority authority = new LabAuthority(files.directory("authority"));
        Postfix postfix = new Postfix(authority);
        Path policy = files.path("policy.sock");
        opened.add(new GreylistPolicy(policy));
        dual = opened.add(postfix.startExchanger(network.plug("mxdual"), files.directory("mxdual"), policy));
        ipv6 = opened.add(postfix.startExchanger(network.plug("mxv6"), files.directory("mxv6"), policy));
        ipv4 = opened.add(Exim.startExchanger(network.plug("mxv4"), files.directory("mxv4")));
        relay = opened.add(postfix.startRelay(network.plug("relay"), files.directory("relay")));

        strangersTrustStore = new LabAuthority(files.directory("stranger")).trustStore();
        senderIpv4 = Sender.on(network.plug("send4"), files.directory("send4"), authority);
        senderIpv6 = Sender.on(network.plug("send6"), files.directory("send6"), authority);
        senderDual = Sender.on(network.plug("senddual"), files.directory("senddual"), authority);
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
