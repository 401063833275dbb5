// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The zones of the lab, signed by ldns from the leaves to the root, each with a new key. */
final class SignedZones {

    private static final String USUAL = "ECDSAP256SHA256";
    private static final String NSEC3 = "-n";
    private static final String OPT_OUT = "-p";

    private final Path directory;
    private final Map<String, String> values;
    private final Map<String, Path> files = new HashMap<>();
    private final Signed root;

    /** @param key the name of the key file, without extension */
    private record Signed(Path file, Path key) {

        String ds() {
            return read(Path.of(key + ".ds")).strip();
        }
    }

    /**
     * @param directory the directory of NSD
     * @param published the values for the templates of the zone files
     */
    SignedZones(Path directory, Map<String, String> published) {
        this.directory = directory;
        this.values = new HashMap<>(published);
        files.put("insecure.test", write("insecure.test"));
        values.put("signed-ds", sign("signed.test", USUAL).ds());
        Signed bogus = sign("bogus.test", USUAL);
        spoilTlsaSignatures(bogus.file());
        values.put("bogus-ds", bogus.ds());
        values.put(
                "proved",
                prove("nsec.test", USUAL)
                        + prove("nsec3.test", USUAL, NSEC3)
                        + prove("optout.test", USUAL, NSEC3, OPT_OUT)
                        + prove("rsa.test", "RSASHA256", NSEC3)
                        + prove("p384.test", "ECDSAP384SHA384")
                        + prove("ed25519.test", "ED25519"));
        values.put("test-ds", sign("test", USUAL, NSEC3).ds());
        root = sign(".", USUAL);
    }

    /** Returns the delegation. */
    private String prove(String zone, String algorithm, String... options) {
        values.put("zone", zone);
        String child = "child." + zone;
        files.put(child, LabFiles.write(directory.resolve(child + ".zone"), List.of("proved-child.zone"), values));
        Path unsigned = LabFiles.write(directory.resolve(zone + ".zone"), List.of("proved.zone"), values);
        return zone + ". NS auth.example.\n"
                + sign(zone, unsigned, algorithm, options).ds() + "\n";
    }

    /** Returns the root's key in the form that a resolver reads. */
    Path trustAnchor() {
        return Path.of(root.key() + ".key");
    }

    /** Returns the zones as lines of {@code nsd.conf}. */
    String configuration() {
        return files.entrySet().stream()
                .map(zone -> "zone:\n    name: \"" + zone.getKey() + "\"\n    zonefile: \"" + zone.getValue() + "\"\n")
                .collect(Collectors.joining());
    }

    private Path write(String zone) {
        String name = zone.equals(".") ? "internet.zone" : zone + ".zone";
        return LabFiles.write(directory.resolve(name), List.of(name), values);
    }

    private Signed sign(String zone, String algorithm, String... options) {
        return sign(zone, write(zone), algorithm, options);
    }

    private Signed sign(String zone, Path unsigned, String algorithm, String... options) {
        Path signed = Path.of(unsigned + ".signed");
        String key = run("ldns-keygen", "-a", algorithm, "-k", zone).strip();
        long yesterday = Instant.now().minus(1, ChronoUnit.DAYS).getEpochSecond();
        List<String> command = new ArrayList<>(List.of("ldns-signzone", "-i", Long.toString(yesterday), "-o", zone));
        command.addAll(List.of(options));
        command.addAll(List.of("-f", signed.toString(), unsigned.toString(), key));
        run(command.toArray(String[]::new));
        files.put(zone, signed);
        return new Signed(signed, directory.resolve(key));
    }

    private String run(String... command) {
        return Command.run(new ProcessBuilder(command).directory(directory.toFile()));
    }

    private static void spoilTlsaSignatures(Path zone) {
        String spoiled = read(zone)
                .lines()
                .map(line -> line.contains("RRSIG\tTLSA") ? spoiled(line) : line)
                .collect(Collectors.joining("\n", "", "\n"));
        try {
            Files.writeString(zone, spoiled);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Returns the same line with another first letter of the signature, its last field. */
    private static String spoiled(String line) {
        int signature = line.lastIndexOf(' ') + 1;
        char other = line.charAt(signature) == 'A' ? 'B' : 'A';
        return line.substring(0, signature) + other + line.substring(signature + 1);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
