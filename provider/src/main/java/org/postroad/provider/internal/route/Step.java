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

/** What to do next. */
public sealed interface Step {

    /** Whether this step waits for an answer of DNS. */
    default boolean asksDns() {
        return this instanceof AskMx || this instanceof AskAddresses;
    }

    /** Ask for the MX records of the name. */
    record AskMx(HostName name) implements Step {}

    /** Ask these questions, all at once. */
    record AskAddresses(List<Question> questions) implements Step {
        public AskAddresses {
            questions = List.copyOf(questions);
        }
    }

    /** One host, one type. */
    record Question(HostName host, RecordType<IpAddress> type) {}

    /** Contact the first of these addresses of one host that answers, in this order; the recipients still open go along. */
    record Try(List<RemoteMta> remotes) implements Step {
        public Try {
            remotes = List.copyOf(remotes);
        }
    }

    /** Ask the relay selector. */
    record AskRelays(RelaySelector.Question question) implements Step {}

    /** Contact the first of these addresses of the relay that answers. */
    record RelayVia(Relay relay, List<RemoteMta> remotes) implements Step {
        public RelayVia {
            remotes = List.copyOf(remotes);
        }
    }

    /** It is over: one report for each recipient, in the order of the envelope. */
    record Conclude(List<RecipientReport> reports) implements Step {
        public Conclude {
            reports = List.copyOf(reports);
        }
    }
}
