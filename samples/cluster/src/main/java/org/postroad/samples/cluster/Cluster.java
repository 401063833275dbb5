// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cluster;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Transcript;

/** Starts a database, a mail server and two nodes, kills one of them, and checks that all mail still arrives. */
public final class Cluster implements AutoCloseable {

    static final int MESSAGES_OF_EACH = 150;
    private static final int DOMAINS = 12;

    /**
     * The minimum number of deliveries before a node is killed: a part of all, whether or not the nodes are still submitting.
     */
    private static final int BEFORE_THE_KILL = 40;

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final long GLANCE_MILLIS = 100;

    private static final String UNDER_WAY =
            "SELECT m.subject FROM postroad_delivery d JOIN postroad_message m ON m.id = d.message_id WHERE d.state = 'TRYING'";

    private final PrintStream out;
    private final BlockingQueue<NodeProcess.Line> lines = new LinkedBlockingQueue<>();
    private final Map<NodeProcess.Line, Integer> said = new HashMap<>();
    private final EmbeddedPostgres database;
    private final FakeSmtpServer server;
    private final long deadline = System.nanoTime() + PATIENCE.toNanos();

    private Cluster(PrintStream out) throws IOException {
        this.out = out;
        this.server = FakeSmtpServer.start("mx", Family.IPV4, new Transcript()).keywords("PIPELINING");
        this.database = EmbeddedPostgres.start();
    }

    /** Runs the sample. The exit status is 0 if all mail arrived as promised. */
    public static void main(String[] arguments) throws Exception {
        System.exit(runs(System.out) ? 0 : 1);
    }

    /** Returns whether every message arrived, and only those in doubt more than once. */
    static boolean runs(PrintStream out) throws Exception {
        try (Cluster cluster = new Cluster(out)) {
            return cluster.run();
        }
    }

    private boolean run() throws Exception {
        try (NodeProcess first = start("node-1");
                NodeProcess second = start("node-2")) {
            while (count(first, Node.DELIVERED) + count(second, Node.DELIVERED) < BEFORE_THE_KILL) {
                listen();
            }
            // A node that started slightly earlier may serve all destinations. Kill that one, because its loss has an
            // effect.
            boolean firstDoesMore = count(first, Node.DELIVERED) > count(second, Node.DELIVERED);
            NodeProcess killed = firstDoesMore ? first : second;
            NodeProcess other = firstDoesMore ? second : first;
            killed.kill();
            Set<String> inDoubt = underWay();
            int before = Arrived.at(server).times().size();
            out.println(killed.name() + " was killed when " + before + " messages had arrived; " + inDoubt.size()
                    + " deliveries were in progress, and may have arrived or not:");
            inDoubt.forEach(subject -> out.println("  " + subject));
            while (count(other, Node.SUBMITTED) < MESSAGES_OF_EACH || waiting() > 0) {
                listen();
            }
            int status = other.end();
            lines.forEach(this::note);
            report(killed);
            report(other);
            return status == 0 && isAsPromised(killed, other, before, inDoubt);
        }
    }

    private NodeProcess start(String name) throws IOException {
        return NodeProcess.start(
                name,
                List.of(
                        database.getJdbcUrl("postgres", "postgres"),
                        String.valueOf(server.port()),
                        String.valueOf(MESSAGES_OF_EACH),
                        String.valueOf(DOMAINS)),
                lines);
    }

    /** Processes the next line of a node, if there is one soon. */
    private void listen() throws InterruptedException {
        if (System.nanoTime() > deadline) {
            throw new IllegalStateException("After " + PATIENCE + " the nodes had printed " + said);
        }
        NodeProcess.Line line = lines.poll(GLANCE_MILLIS, TimeUnit.MILLISECONDS);
        if (line != null) {
            note(line);
        }
    }

    private void note(NodeProcess.Line line) {
        said.merge(line, 1, Integer::sum);
    }

    private int count(NodeProcess node, String text) {
        return said.getOrDefault(new NodeProcess.Line(node.name(), text), 0);
    }

    /** Returns the deliveries in progress. It includes those of the surviving node, which are settled soon. */
    private Set<String> underWay() throws SQLException {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(UNDER_WAY)) {
            Set<String> subjects = new TreeSet<>();
            while (rows.next()) {
                subjects.add(rows.getString(1));
            }
            return subjects;
        }
    }

    private int waiting() throws SQLException {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM postroad_message")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private void report(NodeProcess node) {
        out.println(node.name() + ": submitted " + count(node, Node.SUBMITTED) + ", delivered "
                + count(node, Node.DELIVERED));
    }

    /** @param before how many messages had arrived when the node was killed; if all had, the run proves nothing */
    private boolean isAsPromised(NodeProcess killed, NodeProcess other, int before, Set<String> inDoubt) {
        Set<String> submitted = submitted(killed);
        submitted.addAll(submitted(other));
        Set<String> perhaps = Set.of(Node.subject(count(killed, Node.SUBMITTED) + 1, killed.name()));
        Arrived arrived = Arrived.at(server);
        out.println("arrived: " + arrived.times().size() + ", submitted: " + submitted.size() + "; twice: "
                + arrived.repeated());
        boolean asPromised = before < submitted.size() && arrived.isAsPromised(submitted, perhaps, inDoubt);
        out.println(asPromised ? "as promised" : "NOT as promised: " + arrived);
        return asPromised;
    }

    /** Returns the messages whose send returned. */
    private Set<String> submitted(NodeProcess node) {
        Set<String> subjects = new TreeSet<>();
        for (int number = 1; number <= count(node, Node.SUBMITTED); number++) {
            subjects.add(Node.subject(number, node.name()));
        }
        return subjects;
    }

    @Override
    public void close() throws IOException {
        database.close();
        server.close();
    }
}
