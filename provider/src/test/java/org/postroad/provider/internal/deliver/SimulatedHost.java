// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.postroad.api.Deadline;
import org.postroad.api.DomainReport;
import org.postroad.api.DomainRoute;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.MailContext;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.connect.ConnectSettings;
import org.postroad.provider.internal.connect.DiallerFactory;
import org.postroad.provider.internal.connect.LocalAddresses;
import org.postroad.provider.internal.connect.SourceAddresses;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.smtp.ContentChoice;
import org.postroad.provider.internal.smtp.DialogueLog;
import org.postroad.provider.internal.smtp.MessageContent;
import org.postroad.provider.internal.smtp.ScriptedSocket;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.smtp.Watchdog;
import org.postroad.provider.internal.tls.JvmTrust;
import org.postroad.provider.internal.tls.TlsHandshakes;
import org.postroad.provider.internal.tls.TlsSettings;
import org.postroad.spi.Connector;
import org.postroad.spi.DeliveryListener;

/**
 * A host in a random world: it predicts routes and delivers mail, remembers which addresses are silent, and dials servers in memory that act
 * by scripts.
 */
final class SimulatedHost implements Connector {

    private static final int WORLDS = Integer.getInteger("postroad.random.worlds", 10_000);
    private static final IpAddress SOURCE = IpAddress.parse("198.51.100.1");
    private static final TlsHandshakes HANDSHAKES = TlsHandshakes.with(TlsSettings.defaults(), new JvmTrust());

    private final RandomWorld world;
    private final DiallerFactory diallers;
    private final Watchdog watchdog;
    private final List<RemoteMta> dialled = new ArrayList<>();
    private UnaryOperator<String> scripts = script -> script;

    private SimulatedHost(RandomWorld world, Watchdog watchdog) {
        this.world = world;
        this.watchdog = watchdog;
        this.diallers = new DiallerFactory(ConnectSettings.DEFAULT, Runnable::run, world.clock);
        if (world.hasHistory) { // an earlier message has shown which addresses are silent
            deliver(script -> script);
            dialled.clear();
        }
    }

    /** Checks this in every world. */
    static void inEveryWorld(BiConsumer<RandomWorld, SimulatedHost> check) {
        try (Watchdog watchdog = new Watchdog()) {
            for (int seed = 0; seed < WORLDS; seed++) {
                RandomWorld world = new RandomWorld(seed);
                try {
                    check.accept(world, new SimulatedHost(world, watchdog));
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError(e.getMessage() + "\nin " + world, e);
                }
            }
        }
    }

    /** Returns the route, and checks that nothing was dialled and no listener called. */
    DomainRoute predict() {
        DomainDelivery.Services services = services(event -> {
            throw new AssertionError("A dry run has no events: " + event);
        });
        try (ConnectionPool pool = pool()) {
            DomainRoute route = new DryRun(world.request(), services, tools(pool), scope()).run();
            assertThat(dialled).as("a dry run dials nothing").isEmpty();
            return route;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Delivers to servers whose scripts are changed like this. */
    DomainReport deliver(UnaryOperator<String> changed) {
        scripts = changed;
        dialled.clear();
        try (ConnectionPool pool = pool()) {
            return new DomainDelivery(world.request(), services(event -> {}), tools(pool), scope()).run();
        }
    }

    private ConnectionPool pool() {
        return new ConnectionPool(PoolLimits.DEFAULTS, world.clock, (delay, work) -> () -> {});
    }

    private SendScope scope() {
        MailObject mail = new MailObject(
                Envelope.of(Optional.empty(), world.recipients),
                ContentChoice.only(MessageContent.EMPTY),
                MailContext.direct(Optional.empty(), Optional.empty(), Optional.empty()));
        return new SendScope(mail, AllOrNothing.notNeeded(), Deadline.after(Duration.ofMinutes(3), world.clock));
    }

    private DomainDelivery.Services services(DeliveryListener listener) {
        return new DomainDelivery.Services(
                world.dns(),
                Runnable::run,
                new SourceAddresses(new LocalAddresses(Optional.of(SOURCE), Optional.empty()), world.clock),
                world.selector(),
                listener);
    }

    private ContactTools tools(ConnectionPool pool) {
        return new ContactTools(
                diallers.through(this),
                HANDSHAKES,
                SmtpSettings.defaults(HostName.parse("client.test")),
                watchdog,
                DialogueLog.NONE,
                world.clock,
                world.tls,
                100,
                pool,
                new BrokenExtensions(world.clock),
                new HybridGroupFailures(world.clock),
                new RecentCredentials(world.clock));
    }

    @Override
    public Socket connect(Dial dial) throws ConnectException, SocketTimeoutException {
        dialled.add(dial.remote());
        String script = scripts.apply(world.servers.get(dial.remote().address()));
        switch (script) {
            case "silent" -> throw new SocketTimeoutException("connect timed out");
            case "refused" -> throw new ConnectException("connection refused");
            default -> {
                return socket(script, world.recipients.size());
            }
        }
    }

    /** Returns the addresses dialled by the last delivery, in order. */
    List<RemoteMta> dialled() {
        return List.copyOf(dialled);
    }

    private static ScriptedSocket socket(String script, int recipients) {
        String greeting = switch (script) {
            case "421", "554" -> script + " no";
            case "drops" -> ScriptedSocket.CLOSE;
            default -> "220 mx.test";
        };
        ScriptedSocket socket = new ScriptedSocket(ScriptedSocket.NOTHING);
        socket.arrives(greeting);
        if (script.equals("no-hello")) {
            socket.answers("550 no", "550 no");
        } else if (script.equals("starttls-454")) {
            socket.answers("250-mx.test\n250 STARTTLS", "454 not now");
        } else {
            socket.answers("250 mx.test");
        }
        socket.answers(script.equals("mail-451") ? "451 later" : "250 sender");
        boolean some = script.startsWith("some-") && recipients > 1;
        for (int i = 0; i < recipients; i++) {
            boolean refused = script.startsWith("rcpt-") || (some && i > 0);
            socket.answers(refused ? script.substring(5) + " recipient" : "250 recipient");
        }
        if (!script.startsWith("rcpt-")) {
            socket.answers("354 go", script.equals("doubt") ? ScriptedSocket.CLOSE : "250 taken");
        }
        return socket;
    }
}
