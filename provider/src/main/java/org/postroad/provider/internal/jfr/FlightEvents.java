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

    private static final Span<Object> OFF = result -> {};

    private FlightEvents() {}

    /** An event that has begun. */
    @FunctionalInterface
    public interface Span<R> {

        /** Ends the event and records it. To be called once. */
        void end(R result);
    }

    @SuppressWarnings("unchecked") // it ignores the result
    private static <R> Span<R> off() {
        return (Span<R>) OFF;
    }

    /** Begins a DNS question to a resolver. */
    public static Span<DnsAnswer<?>> dns(HostName name, RecordType<?> type) {
        return AVAILABLE && JfrSpans.isDnsOn() ? JfrSpans.dns(name, type) : off();
    }

    /** Begins the dial of one address. Ends with the exception, or with any other object if there is a connection. */
    public static Span<Object> dial(RemoteMta remote) {
        return AVAILABLE && JfrSpans.isDialOn() ? JfrSpans.dial(remote) : off();
    }

    /** Begins a TLS handshake. Ends with the exception, or with a {@link org.postroad.api.TlsSummary}. */
    public static Span<Object> tlsHandshake(RemoteMta remote) {
        return AVAILABLE && JfrSpans.isTlsHandshakeOn() ? JfrSpans.tlsHandshake(remote) : off();
    }

    /**
     * Begins a transaction.
     *
     * @param connection the number of the connection
     */
    public static Span<List<RecipientOutcome>> transaction(RemoteMta remote, long connection, int recipients) {
        return AVAILABLE && JfrSpans.isTransactionOn() ? JfrSpans.transaction(remote, connection, recipients) : off();
    }

    /** Begins an attempt of a queue. */
    public static Span<List<RecipientReport>> queueAttempt(String id, Domain domain, int attempt) {
        return AVAILABLE && JfrSpans.isQueueAttemptOn() ? JfrSpans.queueAttempt(id, domain, attempt) : off();
    }
}
