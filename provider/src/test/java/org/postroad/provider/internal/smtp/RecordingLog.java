// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects the lines of a dialogue, each with a sign before it: {@code >} of the client, {@code <} of the server, {@code -} a note. */
public final class RecordingLog implements DialogueLog {

    private final List<String> lines;
    private final Optional<ConnectionName> connection;

    public RecordingLog() {
        this(new ArrayList<>(), Optional.empty());
    }

    private RecordingLog(List<String> lines, Optional<ConnectionName> connection) {
        this.lines = lines;
        this.connection = connection;
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void client(String line) {
        lines.add("> " + line);
    }

    @Override
    public void server(String line) {
        lines.add("< " + line);
    }

    @Override
    public void note(Supplier<String> line) {
        lines.add("- " + line.get());
    }

    @Override
    public DialogueLog of(ConnectionName named) {
        return new RecordingLog(lines, Optional.of(named));
    }

    @Override
    public Optional<ConnectionName> connection() {
        return connection;
    }

    @Override
    public boolean isEnabled() {
        return true;
    }
}
