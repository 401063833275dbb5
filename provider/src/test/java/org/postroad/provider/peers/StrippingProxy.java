// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A proxy that strips STARTTLS, as some firewalls do: {@code StrippingProxy address port} forwards connections to the same port here to
 * that server, and removes STARTTLS from its replies.
 */
final class StrippingProxy {

    private static final int SMTP_PORT = 25;
    private static final String OFFERED = "STARTTLS";
    private static final String CROSSED_OUT = "XXXXXXXA";

    private StrippingProxy() {}

    /** Starts the proxy on one host, in front of another. */
    static LabProcess start(LabHost host, Path directory, LabHost behind) {
        List<String> command = new ArrayList<>(Command.java(StrippingProxy.class));
        command.addAll(List.of(behind.addresses().get(0).toString(), Integer.toString(SMTP_PORT)));
        return LabProcess.start(host, SMTP_PORT, directory.resolve("output"), command);
    }

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[1]);
        try (ServerSocket listener = new ServerSocket(port)) {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(arguments[0], port);
                start(() -> pass(client, server, false));
                start(() -> pass(server, client, true));
            }
        }
    }

    /** Copies data until one side closes; the close is forwarded, too. */
    private static void pass(Socket from, Socket to, boolean stripping) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] octets = new byte[65_536];
            for (int length = in.read(octets); length >= 0; length = in.read(octets)) {
                String text = new String(octets, 0, length, StandardCharsets.ISO_8859_1);
                String passed = stripping ? text.replace(OFFERED, CROSSED_OUT) : text;
                out.write(passed.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException ended) {
                System.out.println("A connection ended: " + ended);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
