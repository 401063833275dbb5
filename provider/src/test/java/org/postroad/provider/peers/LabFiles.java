// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The lab's directory: one subdirectory for each host, filled from the templates in the test resources. */
final class LabFiles implements AutoCloseable {

    private final Path root;

    /** A placeholder of the templates. Expansions of the servers themselves contain spaces. */
    private static final Pattern VALUE = Pattern.compile("\\$\\{[a-z0-9-]+}");

    LabFiles() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        names(temporary).stream()
                .filter(OwnName::isLeftover)
                .map(temporary::resolve)
                .forEach(LabFiles::delete);
        try {
            root = Files.createTempDirectory(OwnName.PREFIX);
            // The servers' unprivileged users need access.
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    Path path(String name) {
        return root.resolve(name);
    }

    Path directory(String name) {
        try {
            return Files.createDirectories(root.resolve(name));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Writes templates, one after the other, with each <code>${name}</code> replaced. */
    static Path write(Path target, List<String> templates, Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        templates.forEach(template -> text.append(resource(template)));
        String result = text.toString();
        for (Map.Entry<String, String> value : values.entrySet()) {
            result = result.replace("${" + value.getKey() + "}", value.getValue());
        }
        if (VALUE.matcher(result).find()) {
            throw new IllegalStateException("Nothing given for a value in " + templates + ": " + result);
        }
        try {
            Files.createDirectories(target.getParent());
            return Files.writeString(target, result);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    static String resource(String name) {
        try (InputStream in = LabFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The test resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Returns the content of a directory; empty if it does not exist. */
    static List<String> names(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    static void delete(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    @Override
    public void close() {
        delete(root);
    }
}
