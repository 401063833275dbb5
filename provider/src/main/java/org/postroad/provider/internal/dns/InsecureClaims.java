// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

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
 * Whether an answer without AD bit may stand, where several servers' bits count. {@code options trust-ad} is said of all servers of a file,
 * also of one that validates nothing and therefore calls nothing secure: it would switch DANE off whenever the others are silent.
 *
 * <p>So for TLSA, and for a name that was secure lately, such an answer counts only from a server that calls the root secure, which every
 * server does that validates from the root down. For the rest of what is asked, servers whose bits count are believed in this as well.
 * Thread-safe.
 */
final class InsecureClaims {

    /** How long a name that was secure is remembered. */
    static final Duration SECURE_REMEMBERED = Duration.ofHours(1);

    /** How many such names are remembered: those that were used last. */
    static final int MAX_NAMES = 1000;

    /** How long it is believed that a server calls the root secure. */
    static final Duration VALIDATES_KEPT = Duration.ofHours(1);

    /** How long it is believed that a server does not, or did not answer. */
    static final Duration DOES_NOT_KEPT = Duration.ofMinutes(1);

    /** Asks a server for the root's SOA record. */
    interface RootQuestion {
        Message ask(InetSocketAddress server, Deadline deadline) throws IOException, InterruptedException;
    }

    private final InstantSource clock;
    private final RootQuestion rootQuestion;
    private final Map<InetSocketAddress, Root> roots = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Name, Instant> secureUntil = new LinkedHashMap<>(16, 0.75f, true) { // under the lock
                @Override
                protected boolean removeEldestEntry(Map.Entry<Name, Instant> eldest) {
                    return size() > MAX_NAMES;
                }
            };

    InsecureClaims(InstantSource clock, RootQuestion rootQuestion) {
        this.clock = clock;
        this.rootQuestion = rootQuestion;
    }

    private record Root(boolean secure, Instant until) {}

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
        Root known = roots.get(server);
        if (known == null || !now.isBefore(known.until())) {
            boolean secure = askForRoot(server, deadline);
            known = new Root(secure, now.plus(secure ? VALIDATES_KEPT : DOES_NOT_KEPT));
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
