// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.postroad.api.Host;
import org.postroad.api.IpAddress;
import org.postroad.spi.Connector;

/**
 * Delays dials to some addresses until a number of dials are in progress or a time has passed: a slow network, in which
 * overlapping dials become visible.
 */
final class HoldingConnector implements Connector {

    private static final Duration HELD = Duration.ofMillis(400);

    private final Connector network;
    private final Set<IpAddress> slow;
    private final CountDownLatch underWay;
    private final Map<Dial, Host> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger overtaken = new AtomicInteger();
    private final Map<IpAddress, Integer> connected = new ConcurrentHashMap<>();

    HoldingConnector(Connector network, Set<IpAddress> slow, int enough) {
        this.network = network;
        this.slow = Set.copyOf(slow);
        this.underWay = new CountDownLatch(enough);
    }

    /**
     * Returns how many held dials were overtaken by a dial to another host. Addresses of the same host may be dialled
     * concurrently.
     */
    int overtaken() {
        return overtaken.get();
    }

    /** Returns the number of connections established to that address. */
    int connectedTo(IpAddress address) {
        return connected.getOrDefault(address, 0);
    }

    @Override
    public Socket connect(Dial dial) throws IOException {
        Host host = dial.remote().host();
        overtaken.addAndGet((int)
                waiting.values().stream().filter(other -> !other.equals(host)).count());
        if (!slow.contains(dial.remote().address())) {
            underWay.countDown();
            return dialled(dial);
        }
        waiting.put(dial, host);
        try {
            underWay.countDown();
            underWay.await(Tck.timeOfThisRun(HELD).toMillis(), TimeUnit.MILLISECONDS);
            return dialled(dial);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(dial.remote() + ": given up");
        } finally {
            waiting.remove(dial);
        }
    }

    private Socket dialled(Dial dial) throws IOException {
        Socket socket = network.connect(dial);
        connected.merge(dial.remote().address(), 1, Integer::sum);
        return socket;
    }
}
