// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.postroad.api.ProbeStep;
import org.postroad.api.RemoteMta;
import org.postroad.api.Stage;
import org.postroad.provider.internal.smtp.ConnectionName;
import org.postroad.provider.internal.smtp.DialogueLog;

/**
 * Turns what is logged of a dialogue into steps with their times, and passes all of it on to the debug output. A probe sends one command after
 * the other, so that each reply ends a step. Used by one thread.
 */
public final class ProbeLog implements DialogueLog {

    private final InstantSource clock;
    private final DialogueLog debug;
    private final Consumer<ProbeStep> steps;
    private Instant lastEnd;
    private Stage stage = Stage.CONNECT;

    /** @param steps receives each step when it has ended */
    public ProbeLog(InstantSource clock, DialogueLog debug, Consumer<ProbeStep> steps) {
        this.clock = clock;
        this.debug = debug;
        this.steps = steps;
        this.lastEnd = clock.instant();
    }

    /** Records that an address is dialled now. */
    void dialling() {
        lastEnd = clock.instant();
    }

    /** Records that an address did not answer. */
    void notConnected(RemoteMta remote, String why) {
        steps.accept(new ProbeStep(remote, Stage.CONNECT, Duration.between(lastEnd, clock.instant()), why));
    }

    /** Returns the log of a new connection. Its first note says that it is connected. */
    @Override
    public DialogueLog of(ConnectionName connection) {
        ProbeLog log = new ProbeLog(clock, debug.of(connection), steps);
        log.lastEnd = lastEnd;
        return log;
    }

    @Override
    public void client(String line) {
        debug.client(line);
        String verb = line.split(" ", 2)[0];
        stage = switch (verb) {
            case "EHLO", "HELO" -> Stage.EHLO;
            case "STARTTLS" -> Stage.STARTTLS;
            case "AUTH" -> Stage.AUTH;
            case "MAIL", "RSET" -> Stage.MAIL;
            case "RCPT" -> Stage.RCPT;
            default -> stage; // a response of AUTH, QUIT, or a lost connection
        };
    }

    @Override
    public void server(String line) {
        debug.server(line);
        end(line);
    }

    @Override
    public void note(Supplier<String> line) {
        debug.note(line);
        if (connection().isPresent()) {
            end(line.get());
        }
    }

    private void end(String text) {
        Instant now = clock.instant();
        RemoteMta remote = connection().orElseThrow().remote();
        steps.accept(new ProbeStep(remote, stage, Duration.between(lastEnd, now), text));
        lastEnd = now;
        if (stage == Stage.CONNECT) {
            stage = Stage.GREETING;
        }
    }

    @Override
    public Optional<ConnectionName> connection() {
        return debug.connection();
    }

    @Override
    public boolean isEnabled() {
        return true;
    }
}
