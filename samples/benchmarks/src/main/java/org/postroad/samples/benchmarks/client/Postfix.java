// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.postroad.samples.benchmarks.wire.Programs;

/**
 * A separate Postfix instance with Postfix's defaults: it accepts mail on a loopback port, writes it to disk as Postfix does,
 * and forwards all of it to one server. Needs root and Debian's package.
 */
public final class Postfix implements Closeable {

    private static final Path CONTROL = Path.of("/usr/sbin/postfix");
    private static final Path MASTER = Path.of("/usr/lib/postfix/sbin/master");
    private static final long ENDING_SECONDS = 10;

    /** Without name lookups, because the names are not in DNS, and without logging, because there may be no log daemon. */
    private static final String MAIN = """
            compatibility_level = 3.6
            myhostname = postfix.test
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            queue_directory = %1$s/queue
            data_directory = %1$s/data
            mydestination =
            mynetworks = 127.0.0.0/8
            relayhost = [127.0.0.1]:%2$d
            smtp_dns_support_level = disabled
            smtpd_peername_lookup = no
            alias_maps =
            alias_database =
            notify_classes =
            biff = no
            """;

    private static final String SERVICES = """
            127.0.0.1:%d inet  n       -      n      -      -       smtpd
            cleanup      unix   n       -      n      -      0       cleanup
            qmgr         unix   n       -      n      300    1       qmgr
            tlsmgr       unix   -       -      n      1000?  1       tlsmgr
            rewrite      unix   -       -      n      -      -       trivial-rewrite
            bounce       unix   -       -      n      -      0       bounce
            defer        unix   -       -      n      -      0       bounce
            trace        unix   -       -      n      -      0       bounce
            proxymap     unix   -       -      n      -      -       proxymap
            smtp         unix   -       -      n      -      -       smtp
            relay        unix   -       -      n      -      -       smtp
            error        unix   -       -      n      -      -       error
            retry        unix   -       -      n      -      -       error
            anvil        unix   -       -      n      -      1       anvil
            scache       unix   -       -      n      -      1       scache
            """;

    private final Process master;
    private final int port;

    private Postfix(Process master, int port) {
        this.master = master;
        this.port = port;
    }

    /** Returns whether Postfix is installed and this process may start it. */
    public static boolean isPossible() {
        return System.getProperty("user.name").equals("root")
                && Files.isExecutable(CONTROL)
                && Files.isExecutable(MASTER);
    }

    /**
     * Starts Postfix, and returns when it accepts connections.
     *
     * @param directory empty; must be accessible for users other than root
     * @param server the port of 127.0.0.1 to which all mail is forwarded
     */
    public static Postfix start(Path directory, int server) throws IOException, InterruptedException {
        int port = Programs.freePort();
        Files.writeString(directory.resolve("main.cf"), MAIN.formatted(directory, server));
        Files.writeString(directory.resolve("master.cf"), SERVICES.formatted(port));
        Files.createDirectory(directory.resolve("queue"));
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.setOwner(
                data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix"));
        run(directory, List.of(CONTROL.toString(), "-c", directory.toString(), "check"));
        Process master = process(directory, List.of(MASTER.toString(), "-c", directory.toString(), "-s"))
                .start();
        Postfix postfix = new Postfix(master, port);
        boolean started = false;
        try {
            Programs.await(master, port);
            started = true;
            return postfix;
        } finally {
            if (!started) {
                postfix.close();
            }
        }
    }

    /** Returns the port that accepts mail. */
    public int port() {
        return port;
    }

    private static void run(Path directory, List<String> command) throws IOException, InterruptedException {
        int status = process(directory, command).start().waitFor();
        if (status != 0) {
            throw new IOException(command + " ended with " + status + ": " + said(directory));
        }
    }

    private static ProcessBuilder process(Path directory, List<String> command) {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(output(directory).toFile()));
    }

    private static Path output(Path directory) {
        return directory.resolve("output");
    }

    private static String said(Path directory) throws IOException {
        return Files.readString(output(directory));
    }

    /** Stops the master process, which stops the other ones. */
    @Override
    public void close() {
        master.destroy();
        try {
            if (!master.waitFor(ENDING_SECONDS, TimeUnit.SECONDS)) {
                master.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            master.destroyForcibly();
        }
    }
}
