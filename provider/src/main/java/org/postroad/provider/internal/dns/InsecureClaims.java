// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.Deadline;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Decides whether an answer without the AD bit is accepted if the AD bits of several servers count. {@code options trust-ad} applies to all
 * servers of a file, including one that does not validate and therefore never sets the AD bit. Such a server would switch DANE off whenever
 * the others are silent.
 *
 * <p>Therefore, for TLSA and for names that were secure recently, such an answer counts only from a server that reports the root as secure,
 * which every server does that validates from the root down. For all other queries, the servers whose AD bit counts are trusted in this as
 * well. Thread-safe.
 */
final class InsecureClaims {

    /** How long a secure name is remembered. */
    static final Duration SECURE_REMEMBERED = Duration.ofHours(1);

    /** Maximum number of names remembered; the least recently used are dropped. */
    static final int MAX_NAMES = 1000;

    /** How long it is remembered that a server reports the root as secure. */
    static final Duration VALIDATES_KEPT = Duration.ofHours(1);

    /** How long it is remembered that a server does not, or did not answer. */
    static final Duration DOES_NOT_KEPT = Duration.ofMinutes(1);

    /** Queries a server for the root's SOA record. */
    interface RootQuestion {
        Message ask(InetSocketAddress server, Deadline deadline) throws IOException, InterruptedException;
    }

    private final InstantSource clock;
    private final RootQuestion rootQuestion;
    private final Map<InetSocketAddress, RootStatus> roots = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Name, Instant> secureUntil = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, Instant> eldest) {
            return size() > MAX_NAMES;
        }
    };

    InsecureClaims(InstantSource clock, RootQuestion rootQuestion) {
        this.clock = clock;
        this.rootQuestion = rootQuestion;
    }

    private record RootStatus(boolean secure, Instant until) {}

    void noteSecure(Name name) {
        lock.lock();
        try {
            secureUntil.put(name, clock.instant().plus(SECURE_REMEMBERED));
        } finally {
            lock.unlock();
        }
    }

    boolean mayStand(InetSocketAddress server, Name name, int type, Deadline deadline) throws InterruptedException {
        return (type != Type.TLSA && !wasSecure(name)) || callsRootSecure(server, deadline);
    }

    private boolean wasSecure(Name name) {
        lock.lock();
        try {
            Instant until = secureUntil.get(name);
            return until != null && clock.instant().isBefore(until);
        } finally {
            lock.unlock();
        }
    }

    private boolean callsRootSecure(InetSocketAddress server, Deadline deadline) throws InterruptedException {
        Instant now = clock.instant();
        RootStatus known = roots.get(server);
        if (known == null || !now.isBefore(known.until())) {
            boolean secure = askForRoot(server, deadline);
            known = new RootStatus(secure, now.plus(secure ? VALIDATES_KEPT : DOES_NOT_KEPT));
            roots.put(server, known);
        }
        return known.secure();
    }

    private boolean askForRoot(InetSocketAddress server, Deadline deadline) throws InterruptedException {
        try {
            Message answer = rootQuestion.ask(server, deadline);
            return answer.getRcode() == Rcode.NOERROR && answer.getHeader().getFlag(Flags.AD);
        } catch (IOException | UnresolvedAddressException | UnsupportedAddressTypeException e) {
            return false;
        }
    }
}
