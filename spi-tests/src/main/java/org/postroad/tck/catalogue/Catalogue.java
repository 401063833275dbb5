// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All requirements, from {@code requirements.tsv}: one line for each row, with tab-separated columns in this order: id, level,
 * source, requirement, intent, {@code testable} or the reason why not, feature or {@code -}, suite or {@code -}, since. Lines
 * that start with {@code #} are comments.
 */
public final class Catalogue {

    private static final int COLUMNS = 9;
    private static final Pattern ID = Pattern.compile("[A-Z]+-\\d\\d");
    private static final Pattern METHOD = Pattern.compile("([A-Z]+)_(\\d\\d)_.+");

    /** The catalogue of this version. */
    public static final Catalogue CURRENT = load();

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final String text;

    private Catalogue(String text) {
        this.text = text;
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(this::add);
    }

    /**
     * Parses a catalogue.
     *
     * @throws IllegalArgumentException naming the invalid line and the problem
     */
    public static Catalogue parse(String text) {
        return new Catalogue(text);
    }

    private static Catalogue load() {
        try (InputStream in = Catalogue.class.getResourceAsStream("/org/postroad/tck/requirements.tsv")) {
            if (in == null) {
                throw new IllegalStateException("requirements.tsv is missing from the jar");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != COLUMNS || !ID.matcher(cells[0]).matches()) {
            throw new IllegalArgumentException("The requirement \"" + line + "\" has " + cells.length
                    + " columns separated by tabs; required are " + COLUMNS + ", the first an ID such as END-04");
        }
        try {
            Row row = new Row(
                    cells[0],
                    Level.valueOf(cells[1]),
                    cells[2],
                    cells[3],
                    cells[4],
                    cells[5].equals("testable") ? Optional.empty() : Optional.of(cells[5]),
                    cells[6].equals("-") ? Optional.empty() : Optional.of(Feature.parse(cells[6])),
                    cells[7],
                    cells[8]);
            if (rows.put(row.id(), row) != null) {
                throw new IllegalArgumentException("duplicate ID");
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The requirement " + cells[0] + ": " + e.getMessage(), e);
        }
    }

    /** Returns all rows, in the order of the file. */
    public List<Row> rows() {
        return List.copyOf(rows.values());
    }

    /** Returns the row with this ID. */
    public Optional<Row> row(String id) {
        return Optional.ofNullable(rows.get(id));
    }

    /** Returns the rows tested by a suite. */
    public List<Row> rowsOf(String suite) {
        return rows.values().stream().filter(row -> row.suite().equals(suite)).toList();
    }

    /** Returns the ID of the requirement that a test method tests: {@code END_04_...} gives {@code END-04}. */
    public static Optional<String> idOf(String methodName) {
        Matcher matcher = METHOD.matcher(methodName);
        return matcher.matches() ? Optional.of(matcher.group(1) + "-" + matcher.group(2)) : Optional.empty();
    }

    /** Returns the first half of the SHA-256 of the catalogue. Reports with equal hashes cover the same requirements. */
    public String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, digest.length / 2);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }
}
