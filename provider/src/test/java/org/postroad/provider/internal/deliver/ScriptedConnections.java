// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.net.ConnectException;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.postroad.provider.internal.smtp.ScriptedSocket;
import org.postroad.spi.Connector;

/** Connections in memory, each with a scripted server, in the order in which they are dialled. Without one, the connection is refused. */
final class ScriptedConnections implements Connector {

    private final Deque<ScriptedSocket> next = new ArrayDeque<>();
    private final List<ScriptedSocket> dialled = new ArrayList<>();

    /** Adds a connection: after its greeting, the server answers each write in turn. */
    ScriptedSocket add(String keywords, String... answers) {
        StringBuilder ehlo = new StringBuilder("250-mx.test\n");
        Stream.of(keywords.split(","))
                .filter(keyword -> !keyword.isEmpty())
                .forEach(keyword -> ehlo.append("250-").append(keyword).append('\n'));
        ScriptedSocket socket = addGreeting("220 mx.test");
        socket.answers(ehlo.append("250 HELP").toString());
        socket.answers(answers);
        return socket;
    }

    /** Adds a connection with this greeting. */
    ScriptedSocket addGreeting(String greeting) {
        ScriptedSocket socket = new ScriptedSocket(greeting);
        next.add(socket);
        return socket;
    }

    @Override
    public Socket connect(Dial dial) throws ConnectException {
        if (next.isEmpty()) {
            throw new ConnectException("connection refused");
        }
        dialled.add(next.element());
        return next.remove();
    }

    /** Returns the connections that were dialled. */
    List<ScriptedSocket> dialled() {
        return List.copyOf(dialled);
    }

    /** Returns the commands on a connection, without the names in them. */
    static List<String> commands(ScriptedSocket socket) {
        return socket.written().stream()
                .flatMap(String::lines)
                .filter(line -> !line.equals("."))
                .map(line -> line.replaceAll("(TO:<.).*", "$1").replaceAll(":<>.*| client.test", ""))
                .toList();
    }
}
