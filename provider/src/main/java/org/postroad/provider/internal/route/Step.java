// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.List;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.Relay;
import org.postroad.api.RemoteMta;
import org.postroad.spi.RelaySelector;

/** The next step of a delivery. */
public sealed interface Step {

    /** Returns whether this step waits for DNS. */
    default boolean asksDns() {
        return this instanceof AskMx || this instanceof AskAddresses;
    }

    /** Look up the MX records of the name. */
    record AskMx(HostName name) implements Step {}

    /** Look up these addresses concurrently. */
    record AskAddresses(List<AddressQuestion> questions) implements Step {
        public AskAddresses {
            questions = List.copyOf(questions);
        }
    }

    /** One DNS question for addresses. */
    record AddressQuestion(HostName host, RecordType<IpAddress> type) {}

    /** Contact one host, at the first of these addresses that answers, in this order, for the pending recipients. */
    record ContactHost(List<RemoteMta> remotes) implements Step {
        public ContactHost {
            remotes = List.copyOf(remotes);
        }
    }

    /** Call the relay selector. */
    record AskRelays(RelaySelector.Question question) implements Step {}

    /** Contact the relay, at the first of these addresses that answers. */
    record RelayVia(Relay relay, List<RemoteMta> remotes) implements Step {
        public RelayVia {
            remotes = List.copyOf(remotes);
        }
    }

    /** The delivery is finished: one report for each recipient, in the order of the envelope. */
    record Conclude(List<RecipientReport> reports) implements Step {
        public Conclude {
            reports = List.copyOf(reports);
        }
    }
}
