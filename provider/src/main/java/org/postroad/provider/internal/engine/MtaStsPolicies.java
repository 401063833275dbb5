// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postroad.api.Deadline;
import org.postroad.api.Domain;
import org.postroad.api.HostName;
import org.postroad.api.Lookup;
import org.postroad.api.MtaStsResult;
import org.postroad.api.MtaStsResult.Kind;
import org.postroad.api.TlsResult;
import org.postroad.provider.internal.deliver.TlsPreferences;
import org.postroad.provider.internal.deliver.TlsPreferences.StsSource;
import org.postroad.provider.internal.sts.HttpsPolicySource;
import org.postroad.provider.internal.sts.MxPattern;
import org.postroad.provider.internal.sts.PolicyDirectory;
import org.postroad.provider.internal.sts.PolicySource;
import org.postroad.provider.internal.sts.StsPolicies;
import org.postroad.provider.internal.sts.StsPolicy;
import org.postroad.provider.internal.sts.StsPolicy.Mode;
import org.postroad.provider.internal.sts.StsResult;
import org.postroad.provider.internal.tls.PublishedTlsPolicies;
import org.postroad.spi.Connector;
import org.postroad.spi.MailDns;

/** Looks up MTA-STS policies through one resolver and applies them to hosts. Caches the policies. Thread-safe. */
final class MtaStsPolicies {

    private final StsPolicies policies;
    private final MailHttps web;

    /**
     * @param web fetches the policies
     * @param directory keeps them over a restart
     */
    MtaStsPolicies(MailDns dns, MailHttps web, Optional<PolicyDirectory> directory) {
        this.policies = new StsPolicies(dns, Deadline.MONOTONIC, directory);
        this.web = web;
    }

    /** Returns a source for deliveries through this connector, which is also used to fetch the policies. */
    StsSource through(Connector connector) {
        PolicySource source = new HttpsPolicySource(web.through(connector));
        return new StsSource() {
            @Override
            public TlsPreferences.StsLookup lookUp(Domain domain, HostName host, Deadline deadline)
                    throws InterruptedException {
                Optional<HostName> name = domain.host().name();
                if (name.isEmpty()) { // an address publishes nothing
                    return new TlsPreferences.StsLookup(
                            PublishedTlsPolicies.PublishedSts.ABSENT, Optional.empty(), Optional.empty());
                }
                List<Lookup<String>> asked = new ArrayList<>();
                StsResult finding = policies.find(domain, source, deadline, asked::add);
                return new TlsPreferences.StsLookup(
                        MtaStsPolicies.say(finding, name.get(), host),
                        asked.stream().findFirst(),
                        Optional.of(result(finding)));
            }

            @Override
            public void prepare(Domain domain, Deadline deadline) throws InterruptedException {
                policies.prepare(domain, deadline);
            }
        };
    }

    private static MtaStsResult result(StsResult finding) {
        return finding.fold(
                found -> new MtaStsResult(
                        found.policy().mode() == Mode.ENFORCE ? Kind.ENFORCE : Kind.TESTING,
                        found.policy().mx().stream().map(MxPattern::toString).collect(Collectors.joining(", "))
                                + " (id "
                                + found.id()
                                + (found.fromCacheAfterFailure() ? ", cached; not available now)" : ")")),
                none -> new MtaStsResult(Kind.NONE, ""),
                unavailable ->
                        new MtaStsResult(Kind.UNAVAILABLE, unavailable.failure().toString()));
    }

    private static PublishedTlsPolicies.PublishedSts say(StsResult finding, HostName domain, HostName host) {
        return finding.fold(
                found -> {
                    StsPolicy policy = found.policy();
                    TlsResult.Policy reported = new TlsResult.Policy(
                            TlsResult.Type.STS,
                            domain,
                            policy.lines(),
                            policy.mx().stream().map(MxPattern::toString).toList());
                    return policy.mode() == Mode.ENFORCE
                            ? new PublishedTlsPolicies.PublishedSts.Enforce(reported, policy.permits(host))
                            : new PublishedTlsPolicies.PublishedSts.Testing(reported, policy.permits(host));
                },
                none -> PublishedTlsPolicies.PublishedSts.ABSENT,
                unavailable -> new PublishedTlsPolicies.PublishedSts.PolicyUnavailable(
                        new TlsResult.Policy(TlsResult.Type.STS, domain), unavailable.failure()));
    }
}
