// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What differs between the databases that can hold a queue. Everything else is standard SQL. */
enum Dialect {
    SQLITE("SQLite"),
    POSTGRESQL("PostgreSQL"),
    H2("H2"),
    /** MariaDB and MySQL. */
    MARIADB("MariaDB", "MySQL");

    private final List<String> products;

    Dialect(String... products) {
        this.products = List.of(products);
    }

    /**
     * The dialect of a connection.
     *
     * @throws QueueException if no queue was ever tried on that database
     */
    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return Arrays.stream(values())
                .filter(dialect -> dialect.products.stream().anyMatch(product::equalsIgnoreCase))
                .findFirst()
                .orElseThrow(() -> new QueueException("The queue cannot be in a database of " + product
                        + "; allowed are SQLite, PostgreSQL, H2, MariaDB and MySQL"));
    }

    /** The statements that make the tables: a readable file beside this class, for those who create them themselves. */
    List<String> schema() {
        String name = "schema-" + name().toLowerCase(Locale.ROOT) + ".sql";
        try (InputStream in = Dialect.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "The resource " + name + " is missing beside " + Dialect.class.getName());
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String withoutComments = text.replaceAll("--[^\\n]*", "");
            return Stream.of(withoutComments.split(";"))
                    .map(String::strip)
                    .filter(statement -> !statement.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
