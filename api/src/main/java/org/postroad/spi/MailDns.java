// SPDX-License-Identifier: Apache-2.0
package org.postroad.spi;

import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;

/**
 * Queries DNS. The core provides the cache, the merging of identical queries, the concurrency limit and the check of answers;
 * an implementation does not need them.
 *
 * <p>Implementations must be thread-safe: many threads query concurrently. The call may block until the deadline.
 */
public interface MailDns extends AutoCloseable {

    /**
     * Makes one query. Names are absolute: no search path and no hosts file. Aliases are followed, except for
     * {@link RecordType#CNAME}, which queries the alias itself.
     *
     * <p>The security of the answer is that of the weakest DNS response used for it. A validator's response that contains an
     * alias into an unsigned zone is not authentic as a whole; the alias itself can be secure all the same, which matters for DANE
     * (RFC 7672 §2.2.2). An implementation that knows the security of single aliases adds them to the answer, for example with
     * {@link DnsAnswer.Found#withAliases}. It need not: where the security of an alias matters and is not in the answer, or is
     * {@code UNKNOWN} there, the core makes a separate {@code CNAME} query, which an implementation answers like any other query.
     *
     * <p>If all responses have been found authentic, every alias is {@code SECURE}. A response that has not been found authentic as
     * a whole does not tell which part is not: its aliases are {@code UNKNOWN}, never {@code INSECURE}.
     *
     * @param name the name to query
     * @param type one of {@link RecordType}
     * @param deadline when the method must return; without an answer by then it returns {@link DnsAnswer.Failed} with
     *     {@code TIMEOUT}
     * @param <R> the Java type of the records
     * @return the answer, never null. No DNS outcome is an exception
     * @throws InterruptedException immediately when the thread is interrupted
     */
    <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline) throws InterruptedException;

    /** Releases threads and sockets. Idempotent. Later queries return {@link DnsAnswer.Failed} with {@code CLOSED}. */
    @Override
    default void close() {}
}
