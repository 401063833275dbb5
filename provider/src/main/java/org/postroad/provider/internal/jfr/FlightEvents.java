// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jfr;

import java.util.List;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Domain;
import org.postroad.api.HostName;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta;

/** Begins flight recorder events. Without the module {@code jdk.jfr}, and if no recording wants an event, nothing happens. Stateless. */
public final class FlightEvents {

    private static final boolean AVAILABLE =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private static final FlightSpan<Object> OFF = result -> {};

    private FlightEvents() {}

    @SuppressWarnings("unchecked") // it ignores the result
    private static <R> FlightSpan<R> off() {
        return (FlightSpan<R>) OFF;
    }

    /** Begins a DNS question to a resolver. */
    public static FlightSpan<DnsAnswer<?>> dns(HostName name, RecordType<?> type) {
        return AVAILABLE && JfrSpans.isDnsOn() ? JfrSpans.dns(name, type) : off();
    }

    /** Begins the dial of one address. Ends with the exception, or with any other object if there is a connection. */
    public static FlightSpan<Object> dial(RemoteMta remote) {
        return AVAILABLE && JfrSpans.isDialOn() ? JfrSpans.dial(remote) : off();
    }

    /** Begins a TLS handshake. Ends with the exception, or with a {@link org.postroad.api.TlsSummary}. */
    public static FlightSpan<Object> tlsHandshake(RemoteMta remote) {
        return AVAILABLE && JfrSpans.isTlsHandshakeOn() ? JfrSpans.tlsHandshake(remote) : off();
    }

    /**
     * Begins a transaction.
     *
     * @param connection the number of the connection
     */
    public static FlightSpan<List<RecipientOutcome>> transaction(RemoteMta remote, long connection, int recipients) {
        return AVAILABLE && JfrSpans.isTransactionOn() ? JfrSpans.transaction(remote, connection, recipients) : off();
    }

    /** Begins an attempt of a queue. */
    public static FlightSpan<List<RecipientReport>> queueAttempt(String id, Domain domain, int attempt) {
        return AVAILABLE && JfrSpans.isQueueAttemptOn() ? JfrSpans.queueAttempt(id, domain, attempt) : off();
    }
}
