// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.postroad.fixtures.VirtualClock;

/** An abandoned dial always closes its connection. Runs on one thread, so that each moment is exact. */
class DialTaskTest {

    private final Socket socket = new Socket();
    private final List<DialTask> ended = new ArrayList<>();
    private Runnable meanwhile = () -> {};

    @Test
    void ORDER_06_aDialThatIsNotAbandonedStaysOpen() throws Exception {
        DialTask task = task(() -> socket);
        task.run();

        assertThat(ended).containsExactly(task);
        assertThat(task.socket()).isSameAs(socket);
        assertThat(socket.isClosed()).isFalse();
    }

    @Test
    void ORDER_06_aDialAbandonedAfterItConnectedIsClosed() {
        DialTask task = task(() -> socket);
        task.run();
        task.abandon();

        assertThat(socket.isClosed()).isTrue();
        assertThat(ended).containsExactly(task);
    }

    @Test
    void ORDER_06_aDialAbandonedWhileItConnectsIsClosed() {
        DialTask task = task(() -> {
            meanwhile.run();
            return socket;
        });
        meanwhile = task::abandon;
        task.run();

        assertThat(Thread.interrupted())
                .as("the dialling thread is interrupted")
                .isTrue();
        assertThat(socket.isClosed()).isTrue();
        assertThat(ended).containsExactly(task);
    }

    @Test
    void ORDER_06_aDialAbandonedBeforeItStartedDoesNotStart() {
        DialTask task = task(() -> {
            throw new AssertionError("It dials all the same");
        });
        task.abandon();
        task.run();

        assertThat(ended).containsExactly(task);
    }

    @Test
    void connect_aFailureIsThatOfTheConnector() {
        DialTask task = task(() -> {
            throw new ConnectException("Connection refused");
        });
        task.run();
        task.abandon();

        assertThatExceptionOfType(IOException.class).isThrownBy(task::socket).withMessage("Connection refused");
        assertThat(ended).containsExactly(task);
    }

    private DialTask task(Callable<Socket> connect) {
        HappyEyeballs.StartDial start = new HappyEyeballs.StartDial(
                DialSimulation.remote("192.0.2.1"), VirtualClock.START, VirtualClock.START.plusSeconds(30));
        return new DialTask(start, connect, ended::add);
    }
}
