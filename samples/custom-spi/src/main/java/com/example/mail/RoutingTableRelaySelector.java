// SPDX-License-Identifier: Apache-2.0
package com.example.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postroad.api.Domain;
import org.postroad.api.HostName;
import org.postroad.api.Relay;
import org.postroad.spi.RelaySelector;

/**
 * Chooses relays from a table that is read once. A line contains a domain and its relays, in the order in which to try them:
 *
 * <pre>
 * # what      relays
 * example.org  smtps://user:secret@relay1.example.net smtp://relay2.example.net
 * .example.org smtp://relay2.example.net
 * [192.0.2.1]  smtp://relay2.example.net:2525
 * *            smtp://relay3.example.net
 * </pre>
 *
 * <p>{@code example.org} matches only this domain, {@code .example.org} every domain below it, and {@code *} every other
 * domain. The most specific line applies. Thread-safe.
 */
public final class RoutingTableRelaySelector implements RelaySelector {

    private static final String EVERYTHING = "*";

    private final Map<String, List<Relay>> table;

    private RoutingTableRelaySelector(Map<String, List<Relay>> table) {
        this.table = Map.copyOf(table);
    }

    /**
     * Reads the table from a UTF-8 file.
     *
     * @throws IllegalArgumentException naming file and line, the problem, and what is allowed
     */
    public static RoutingTableRelaySelector read(Path file) throws IOException {
        return of(file.toString(), Files.readAllLines(file, StandardCharsets.UTF_8));
    }

    /**
     * Creates a table from lines.
     *
     * @param name the name of the table, for error messages
     * @param lines the lines of the table
     */
    public static RoutingTableRelaySelector of(String name, List<String> lines) {
        Map<String, List<Relay>> table = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                add(table, line.split("\\s+"));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + ", line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return new RoutingTableRelaySelector(table);
    }

    private static void add(Map<String, List<Relay>> table, String[] words) {
        String key = key(words[0]);
        List<Relay> relays = Arrays.stream(words).skip(1).map(Relay::parse).toList();
        if (relays.isEmpty()) {
            throw new IllegalArgumentException("\"" + words[0]
                    + "\" has no relay; at least one must follow it, such as smtp://relay.example.net");
        }
        if (table.put(key, relays) != null) {
            throw new IllegalArgumentException(
                    "\"" + words[0] + "\" already has a line; allowed is one, with all its relays");
        }
    }

    private static String key(String word) {
        if (word.equals(EVERYTHING)) {
            return EVERYTHING;
        }
        try {
            return word.startsWith(".")
                    ? "." + HostName.parse(word.substring(1)).text()
                    : Domain.parse(word).toString();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    e.getMessage() + "; allowed are example.org, .example.org, [192.0.2.1] and *", e);
        }
    }

    @Override
    public List<Relay> select(Question question) {
        String domain = question.domain().toString();
        List<Relay> exact = table.get(domain);
        return exact != null ? exact : ofParents(question.domain());
    }

    private List<Relay> ofParents(Domain domain) {
        String name = domain.host().fold(HostName::text, literal -> "");
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            List<Relay> relays = table.get(name.substring(dot));
            if (relays != null) {
                return relays;
            }
        }
        return table.getOrDefault(EVERYTHING, List.of());
    }
}
