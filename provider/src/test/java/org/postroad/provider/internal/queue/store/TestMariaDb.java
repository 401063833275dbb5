// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * The machine's MariaDB, on files of its own. Started on first use; {@link TestServers} stops it. No Maven artifact has a current server
 * for Linux, so {@code -Dpostroad.peers} applies as for the real-peer tests: {@code off} skips the test, {@code auto} skips it if there is
 * no server, {@code required} fails it then.
 */
public final class TestMariaDb {

    private static final String PROPERTY = "postroad.peers";
    private static final String SERVER = "mariadbd";
    private static final String INSTALLER = "mariadb-install-db";

    /** A zone with daylight-saving time, which must not matter. */
    static final String ZONE = "Europe/Berlin";

    /** Maximum number of starts: another process may take the free port before the server does. */
    private static final int STARTS = 3;

    private TestMariaDb() {}

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static Optional<Server> running = Optional.empty(); // guarded by LOCK

    /** A server process, its files, and its port. */
    private record Server(Process process, Path directory, int port) {

        void stop() {
            process.toHandle().destroyForcibly();
            process.onExit().join();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static int port() {
        LOCK.lock();
        try {
            Server server = running.isPresent() ? running.get() : start();
            running = Optional.of(server);
            return server.port();
        } finally {
            LOCK.unlock();
        }
    }

    /** Stops the server if it is running. */
    static void stop() {
        LOCK.lock();
        try {
            running.ifPresent(Server::stop);
            running = Optional.empty();
        } finally {
            LOCK.unlock();
        }
    }

    /** Opens a new, empty database. Aborts the test if there is no server. */
    public static DataSource newDatabase() {
        return dataSource(newName());
    }

    /** Returns the URL of a new, empty database, for tests that connect by themselves. */
    public static String newDatabaseUrl() {
        return url(newName());
    }

    private static String newName() {
        String mode = System.getProperty(PROPERTY, "auto");
        Assumptions.assumeFalse(mode.equals("off"), "MariaDB skipped: -D" + PROPERTY + "=off");
        if (find(SERVER).isEmpty() || find(INSTALLER).isEmpty()) {
            String absent = "there is no " + SERVER + " on this machine; .ci/run installs it";
            Assertions.assertNotEquals("required", mode, absent);
            Assumptions.abort("MariaDB skipped: " + absent);
        }
        String name = "queue" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = dataSource("").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
            return name;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static DataSource dataSource(String database) {
        try {
            return new MariaDbDataSource(url(database));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static String url(String database) {
        return "jdbc:mariadb://127.0.0.1:" + port() + "/" + database + "?user=root";
    }

    private static Optional<Path> find(String program) {
        return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin")
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Server start() {
        try {
            Path directory = Files.createTempDirectory("postroad-mariadb");
            Process installing = run(
                    directory,
                    INSTALLER,
                    "--no-defaults",
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db");
            String output = new String(installing.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (installing.onExit().join().exitValue() != 0) {
                throw new IOException(output);
            }
            for (int i = 0; i < STARTS; i++) {
                int port = freePort();
                Process server = run(
                        directory,
                        SERVER,
                        "--no-defaults",
                        "--skip-name-resolve",
                        "--innodb-flush-method=nosync", // no data here needs to survive a crash
                        "--bind-address=127.0.0.1",
                        "--port=" + port,
                        "--socket=" + directory.resolve("socket"),
                        "--pid-file=" + directory.resolve("pid"));
                if (isReady(server)) {
                    Runtime.getRuntime().addShutdownHook(new Thread(TestMariaDb::stop)); // if no test session ends
                    return new Server(server, directory, port);
                }
            }
            throw new IOException(SERVER + " was started " + STARTS + " times and did not run");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process run(Path directory, String program, String... options) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(find(program).orElseThrow().toString()));
        command.addAll(List.of(options)); // first, because --no-defaults must come first
        command.add("--user=" + System.getProperty("user.name"));
        command.add("--datadir=" + directory.resolve("data"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TZ", ZONE);
        return builder.start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits until the server reports that it is ready. A thread reads and discards its further output. */
    private static boolean isReady(Process server) throws IOException {
        BufferedReader output = server.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains("ready for connections")) {
                Thread reader = new Thread(() -> drain(server), "mariadb-output");
                reader.setDaemon(true);
                reader.start();
                return true;
            }
        }
        return false;
    }

    private static void drain(Process server) {
        try {
            server.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
