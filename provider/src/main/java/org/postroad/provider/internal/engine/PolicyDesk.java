// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.postroad.api.Deadline;
import org.postroad.api.Domain;
import org.postroad.api.HostName;
import org.postroad.api.TlsResult;
import org.postroad.provider.internal.connect.AddressGuard;
import org.postroad.provider.internal.connect.ConnectSettings;
import org.postroad.provider.internal.connect.LocalAddresses;
import org.postroad.provider.internal.deliver.TlsPolicy.StsSource;
import org.postroad.provider.internal.sts.HttpsPolicySource;
import org.postroad.provider.internal.sts.MxPattern;
import org.postroad.provider.internal.sts.PolicyDirectory;
import org.postroad.provider.internal.sts.PolicyHostAddresses;
import org.postroad.provider.internal.sts.PolicySource;
import org.postroad.provider.internal.sts.StsFinding;
import org.postroad.provider.internal.sts.StsPolicies;
import org.postroad.provider.internal.sts.StsPolicy;
import org.postroad.provider.internal.sts.StsPolicy.Mode;
import org.postroad.provider.internal.tls.Published;
import org.postroad.spi.Connector;
import org.postroad.spi.MailDns;

/** The MTA-STS policies that are known through one resolver, and what they say of hosts. Thread-safe. */
final class PolicyDesk {

    private final StsPolicies policies;
    private final PolicyHostAddresses addresses;
    private final LocalAddresses local;
    private final SSLContext trust = defaultTrust();
    private final Executor threads;

    /**
     * @param settings policies are fetched from the same local addresses that mail is sent from, and from no address that is refused
     * @param directory keeps policies
     * @param threads has one for each fetch
     */
    PolicyDesk(MailDns dns, ConnectSettings settings, Optional<PolicyDirectory> directory, Executor threads) {
        this.policies = new StsPolicies(dns, Deadline.STEADY, directory);
        this.addresses = new PolicyHostAddresses(dns, new AddressGuard(settings.allowed())::refusal);
        this.local = settings.local();
        this.threads = threads;
    }

    /** What they say in deliveries through that connector: policies are fetched the way that mail goes. */
    StsSource through(Connector connector) {
        Connector bound = dial -> connector.connect(new Connector.Dial(
                dial.remote(), local.of(dial.remote().address().family()), dial.deadline()));
        PolicySource web = new HttpsPolicySource(addresses, trust, threads, bound);
        return new StsSource() {
            @Override
            public Published.Sts say(Domain domain, HostName host, Deadline deadline) throws InterruptedException {
                Optional<HostName> name = domain.host().name(); // an address publishes nothing
                return name.isPresent()
                        ? PolicyDesk.say(policies.find(domain, web, deadline), name.get(), host)
                        : Published.Sts.ABSENT;
            }

            @Override
            public void prepare(Domain domain, Deadline deadline) throws InterruptedException {
                policies.prepare(domain, deadline);
            }
        };
    }

    private static Published.Sts say(StsFinding finding, HostName domain, HostName host) {
        return finding.fold(
                found -> {
                    StsPolicy policy = found.policy();
                    TlsResult.Policy reported = new TlsResult.Policy(
                            TlsResult.Type.STS,
                            domain,
                            policy.lines(),
                            policy.mx().stream().map(MxPattern::toString).toList());
                    return policy.mode() == Mode.ENFORCE
                            ? new Published.Sts.Enforce(reported, policy.permits(host))
                            : new Published.Sts.Testing(reported, policy.permits(host));
                },
                none -> Published.Sts.ABSENT,
                unavailable -> new Published.Sts.Unavailable(
                        new TlsResult.Policy(TlsResult.Type.STS, domain), unavailable.failure()));
    }

    private static SSLContext defaultTrust() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("The trust store of this JVM cannot be used", e);
        }
    }
}
