// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/**
 * A configuration file of {@code samples/webapp/servers}, as users copy it, with the settings of a check in place of its only setting,
 * {@code mail.mx.localhost}.
 */
public final class Configuration {

    private static final Path DIRECTORY = Path.of("..", "..", "..", "samples", "webapp", "servers");

    private String text;

    private Configuration(String text) {
        this.text = text;
    }

    /** Reads the file of this name. */
    public static Configuration read(String name) throws IOException {
        return new Configuration(Files.readString(DIRECTORY.resolve(name)));
    }

    /**
     * Replaces the setting.
     *
     * @param form how the file has a name and a value
     * @param separator between two of them
     */
    public Configuration settings(Map<String, String> settings, BinaryOperator<String> form, String separator) {
        return replace(
                form.apply("mail.mx.localhost", "mail.example.net"),
                settings.entrySet().stream()
                        .map(setting -> form.apply(setting.getKey(), setting.getValue()))
                        .collect(Collectors.joining(separator)));
    }

    /** Replaces a text that is there. */
    public Configuration replace(String old, String replacement) {
        if (!text.contains(old)) {
            throw new IllegalArgumentException("\"" + old + "\" is not in the file:\n" + text);
        }
        text = text.replace(old, replacement);
        return this;
    }

    /** Writes the file. */
    public Path write(Path file) throws IOException {
        return Files.writeString(file, text);
    }

    @Override
    public String toString() {
        return text;
    }
}
