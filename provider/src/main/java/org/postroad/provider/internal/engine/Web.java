// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.concurrent.Executor;
import org.postroad.provider.internal.connect.AddressGuard;
import org.postroad.provider.internal.connect.ConnectSettings;
import org.postroad.provider.internal.connect.LocalAddresses;
import org.postroad.provider.internal.https.HttpsClient;
import org.postroad.provider.internal.https.WebAddresses;
import org.postroad.spi.Connector;
import org.postroad.spi.MailDns;

/** HTTPS the way that mail goes: to the addresses that mail could go to, from those that it is sent from. Thread-safe. */
final class Web {

    private final WebAddresses addresses;
    private final LocalAddresses local;
    private final WebTls tls;
    private final Executor threads;

    /**
     * @param dns knows the addresses of servers
     * @param settings say which of those are refused, and what our own are
     * @param tls secures connections
     * @param threads has one for each exchange
     */
    Web(MailDns dns, ConnectSettings settings, WebTls tls, Executor threads) {
        this.addresses = new WebAddresses(dns, new AddressGuard(settings.allowed())::refusal);
        this.local = settings.local();
        this.tls = tls;
        this.threads = threads;
    }

    HttpsClient through(Connector connector) {
        Connector bound = dial -> connector.connect(new Connector.Dial(
                dial.remote(), local.of(dial.remote().address().family()), dial.deadline()));
        return new HttpsClient(addresses, tls, threads, bound);
    }
}
