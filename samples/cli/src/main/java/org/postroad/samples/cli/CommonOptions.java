// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import jakarta.mail.NoSuchProviderException;
import jakarta.mail.Session;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Printable;
import org.postroad.provider.Postroad;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options that all commands have: the settings of the Session, and the form of the output. */
final class CommonOptions {

    private static final String PREFIX = "mail.";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Option(
            names = {"-s", "--set"},
            paramLabel = "NAME=VALUE",
            description =
                    "A setting of Postroad, such as mail.mx.families=ipv4. Can be repeated, and precedes the file.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description = "A file with settings, one name=value a line (Java properties, UTF-8).")
    private @Nullable Path file;

    @Option(names = "--json", description = "Print JSON, one object in one line.")
    private boolean json;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            description = "auto (on a terminal, and if NO_COLOR is not set), always, never. Default: auto.")
    private When colour = When.AUTO;

    @Option(
            names = "--debug",
            description =
                    "Print DNS questions and what Postroad logs, and stack traces of errors, to the standard error.")
    private boolean debug;

    /** When output has colours. */
    enum When {
        AUTO,
        ALWAYS,
        NEVER
    }

    /** Returns whether JSON is wanted. */
    boolean json() {
        return json;
    }

    /** Returns where the command prints text. */
    TextOutput text(CommandLine command) {
        boolean coloured = switch (colour) {
            case AUTO -> command.getColorScheme().ansi().enabled();
            case ALWAYS -> true;
            case NEVER -> false;
        };
        return new TextOutput(command.getOut(), coloured);
    }

    /**
     * Returns a Session with the settings.
     *
     * @throws CliException if the file cannot be read, or a name is not one of a setting
     */
    Session session() {
        return session(properties());
    }

    /**
     * Returns the settings.
     *
     * @throws CliException if the file cannot be read, or a name is not one of a setting
     */
    Properties properties() {
        Properties properties = new Properties();
        Optional.ofNullable(file).ifPresent(given -> read(given, properties));
        properties.putAll(settings);
        for (String name : properties.stringPropertyNames()) {
            if (!name.startsWith(PREFIX)) {
                throw new CliException(
                        ExitCode.USAGE,
                        "The setting " + Printable.quote(name) + " is unknown; names of settings begin with " + PREFIX
                                + ", such as mail.mx.families");
            }
        }
        return properties;
    }

    /** Returns a Session with these settings, which {@link #properties()} returned. */
    Session session(Properties properties) {
        Session session = Session.getInstance(properties);
        try {
            Postroad.install(session);
        } catch (NoSuchProviderException e) {
            throw new IllegalStateException("The Session refuses its own provider", e);
        }
        session.setDebugOut(System.err);
        session.setDebug(debug);
        return session;
    }

    private static void read(Path file, Properties into) {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            into.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new CliException(
                    ExitCode.USAGE,
                    "The file of settings " + Printable.quote(file.toString()) + " cannot be read: "
                            + Printable.describe(e),
                    e);
        }
    }
}
