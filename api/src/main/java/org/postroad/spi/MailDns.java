// SPDX-License-Identifier: Apache-2.0
package org.postroad.spi;

import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;

/**
 * Asks DNS. Cache, coalescing of equal questions, concurrency limit and the check of answers are the core's, not the
 * implementer's.
 *
 * <p>Thread-safe: many threads ask at once. Blocking, up to the deadline.
 */
public interface MailDns extends AutoCloseable {

    /**
     * One question, aliases followed, names absolute: no search path and no hosts file. Aliases are not followed for {@link
     * RecordType#CNAME}, which asks for the alias itself.
     *
     * <p>The security is that of the weakest message that it took. A validator's message with an alias into an unsigned zone is as a whole
     * not authentic; that the alias alone is secure is found by the question for {@code CNAME}, which the core asks where it matters. An
     * implementation has nothing to do for that but to answer this question as it answers the others.
     *
     * @param name what to ask for
     * @param type one of {@link RecordType}
     * @param deadline when an answer must be there; {@link DnsAnswer.Failed} with {@code TIMEOUT} otherwise
     * @return what DNS said; never null. No DNS outcome is an exception
     * @throws InterruptedException if the thread is interrupted; at once
     */
    <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline) throws InterruptedException;

    /** Frees threads and sockets; idempotent. A later question gets {@link DnsAnswer.Failed} with {@code CLOSED}. */
    @Override
    default void close() {}
}
