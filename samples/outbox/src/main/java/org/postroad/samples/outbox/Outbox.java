// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.outbox;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.mail.Session;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.MailQueue;
import org.postroad.samples.outbox.Shop.PaymentRefusedException;

/**
 * Starts a database and a mail server, and orders from two shops. For each order, either both the order and its mail exist, or
 * neither.
 */
public final class Outbox {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PrintStream out;
    private final Container container;
    private final FakeSmtpServer server;

    private Outbox(PrintStream out, Container container, FakeSmtpServer server) {
        this.out = out;
        this.container = container;
        this.server = server;
    }

    /** Runs the sample, and fails if an order exists without its mail, or a mail without its order. */
    public static void main(String[] arguments) throws Exception {
        if (!runs(System.out)) {
            throw new IllegalStateException(
                    "An order was stored without its mail, or a mail was sent without its order");
        }
    }

    /** Returns whether all paid orders are stored and confirmed, and no unpaid one is. */
    static boolean runs(PrintStream out) throws Exception {
        try (EmbeddedPostgres database = EmbeddedPostgres.start();
                FakeSmtpServer server = FakeSmtpServer.start("mx", Family.IPV4, new Transcript());
                Container container = Container.start(database.getJdbcUrl("postgres", "postgres"))) {
            return new Outbox(out, container, server).run();
        }
    }

    private boolean run() throws Exception {
        Session session = Session.getInstance(properties());
        try (Connection connection = container.database().getConnection()) {
            Order.createTable(connection);
        }
        List<Order> byJdbc = List.of(new Order("book", true), new Order("lamp", false));
        List<Order> byJta = List.of(new Order("chair", true), new Order("table", false));
        try (MailQueue queue = MailQueue.open(session)) {
            order(new JdbcShop(container.database(), session, queue), byJdbc);
            order(new JtaShop(container.database(), session, container.transaction()), byJta);
            if (!queue.drain(PATIENCE)) {
                throw new IllegalStateException("After " + PATIENCE + " the queue still contains mail");
            }
        }
        return areAsPromised(Stream.concat(byJdbc.stream(), byJta.stream()).toList());
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.localhost", "node.test");
        properties.put("mail.mx.queue.datasource", container.database());
        properties.put(
                "mail.mx.queue.transactions",
                container.transactions()); // in a real container it is found automatically
        properties.setProperty("mail.mx.routes", "*=[127.0.0.1]:" + server.port());
        properties.setProperty("mail.mx.addresses.allow", "127.0.0.0/8");
        return properties;
    }

    private void order(Shop shop, List<Order> orders) throws Exception {
        for (Order order : orders) {
            try {
                shop.take(order);
            } catch (PaymentRefusedException refused) {
                out.println(shop.getClass().getSimpleName() + ": " + refused.getMessage());
            }
        }
    }

    private boolean areAsPromised(List<Order> orders) throws SQLException {
        Set<String> written;
        try (Connection connection = container.database().getConnection()) {
            written = Order.written(connection);
        }
        boolean asPromised = true;
        for (Order order : orders) {
            boolean isWritten = written.contains(order.item());
            long confirmations = server.received().stream()
                    .filter(mail -> order.isConfirmedBy(mail.text()))
                    .count();
            out.println(order.item() + ": " + (order.paid() ? "paid" : "not paid") + ", "
                    + (isWritten ? "in the database" : "not in the database") + ", confirmations: " + confirmations);
            asPromised &= isWritten == order.paid() && confirmations == (order.paid() ? 1 : 0);
        }
        return asPromised;
    }
}
