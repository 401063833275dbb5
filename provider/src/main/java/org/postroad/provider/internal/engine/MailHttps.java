// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.Optional;
import java.util.concurrent.Executor;
import org.postroad.api.IpAddress;
import org.postroad.provider.internal.connect.DialRules;
import org.postroad.provider.internal.connect.LocalAddresses;
import org.postroad.provider.internal.https.HttpsClient;
import org.postroad.provider.internal.https.WebAddresses;
import org.postroad.spi.Connector;
import org.postroad.spi.MailDns;

/** Creates HTTPS clients that follow the same address rules and use the same source addresses as mail. Thread-safe. */
final class MailHttps {

    private final WebAddresses addresses;
    private final LocalAddresses local;
    private final HttpsTls tls;
    private final Executor threads;

    /**
     * @param dns looks up the addresses of servers
     * @param rules decide which addresses may be contacted, and what is dialled for them
     * @param local the configured source addresses
     * @param tls secures the connections
     * @param threads has a free thread for every exchange
     */
    MailHttps(MailDns dns, DialRules rules, LocalAddresses local, HttpsTls tls, Executor threads) {
        this.addresses = new WebAddresses(dns, deadline -> webRules(rules.now(deadline)));
        this.local = local;
        this.tls = tls;
        this.threads = threads;
    }

    private static WebAddresses.Rules webRules(DialRules.Now rules) {
        return new WebAddresses.Rules() {
            @Override
            public Optional<String> refusal(IpAddress address) {
                return rules.refusal(address);
            }

            @Override
            public Optional<IpAddress> addressToDial(IpAddress address) {
                return rules.dialled(address);
            }

            @Override
            public Optional<String> nat64Failure() {
                return rules.nat64Failure();
            }
        };
    }

    HttpsClient through(Connector connector) {
        Connector bound = dial -> connector.connect(new Connector.Dial(
                dial.remote(), local.of(dial.remote().address().family()), dial.deadline()));
        return new HttpsClient(addresses, tls, threads, bound);
    }
}
