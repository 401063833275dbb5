// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.springboot;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.MailQueue;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts a mail server on loopback and the application, places orders, and prints what was stored and what has arrived. */
public final class Demonstration {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Demonstration() {}

    /** Runs the sample, and fails if an order exists without its mail, or a mail without its order. */
    public static void main(String[] arguments) throws Exception {
        if (!runs(System.out)) {
            throw new IllegalStateException(
                    "An order was stored without its mail, or a mail was sent without its order");
        }
    }

    /** Returns whether the paid order is stored and confirmed, and the unpaid one is not. */
    static boolean runs(PrintStream out) throws Exception {
        try (FakeSmtpServer server = FakeSmtpServer.start("mx", Family.IPV4, new Transcript());
                ConfigurableApplicationContext application = start(server)) {
            Orders orders = application.getBean(Orders.class);
            orders.place("book", true);
            try {
                orders.place("lamp", false);
            } catch (IllegalStateException refused) {
                out.println(refused.getMessage());
            }
            MailQueue queue = application.getBean(MailQueue.class);
            out.println("Everything delivered: " + queue.drain(PATIENCE));
            out.println("In the database: " + orders.items());
            List<String> confirmed = server.received().stream()
                    .flatMap(message -> message.text().lines())
                    .filter(line -> line.startsWith("Subject: "))
                    .toList();
            out.println("Arrived: " + confirmed);
            HealthIndicator health = application.getBean("mailQueueHealthIndicator", HealthIndicator.class);
            out.println("Health of the queue: "
                    + Objects.requireNonNull(health.health()).getStatus());
            application.getBean(MailSetupHealth.class).findings().stream()
                    .filter(finding -> finding.contains("Transport.send"))
                    .forEach(out::println);
            return orders.items().equals(List.of("book"))
                    && confirmed.equals(List.of("Subject: Your order: book", "Subject: Your order: book"));
        }
    }

    /** The settings lead all mail to the server of the demonstration. A real application has none of them. */
    private static ConfigurableApplicationContext start(FakeSmtpServer server) {
        String prefix = "spring.mail.properties.mail.mx.";
        return new SpringApplicationBuilder(ShopApplication.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of(
                        prefix + "routes", "*=[127.0.0.1]:" + server.port(), prefix + "addresses.allow", "127.0.0.0/8"))
                .run();
    }
}
