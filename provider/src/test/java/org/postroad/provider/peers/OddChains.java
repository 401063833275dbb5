// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.postroad.api.IpAddress;
import org.postroad.fixtures.MadeCertificate;

/** Unusual certificate chains, each at its own mail exchanger {@code mx.<name>.signed.test}, and the TLSA records for them. */
final class OddChains {

    private static final String DOMAIN = ".signed.test";
    private static final MadeCertificate ROOT = MadeCertificate.root("Odd root");
    private static final MadeCertificate MIDDLE = ROOT.authority("Odd middle");
    private static final MadeCertificate OTHER = MadeCertificate.root("Other root");
    private static final MadeCertificate CONSTRAINED =
            ROOT.authority("Constrained", MadeCertificate.onlyBelow("example.test"));
    private static final MadeCertificate OVER = ROOT.issue(
            MIDDLE.keys(), "Odd middle", Instant.now().minus(Duration.ofHours(1)), MadeCertificate.isAuthority());

    private final Path directory;
    private final Map<String, List<String>> records = new LinkedHashMap<>();

    private OddChains(Path directory) {
        this.directory = directory;
    }

    /** Creates all chains; the files are {@code <name>.pem} and {@code <name>.key}. */
    static OddChains writtenTo(Path directory) {
        OddChains chains = new OddChains(directory);
        chains.addOrders();
        chains.addNames();
        chains.addAuthorities();
        chains.addDigests();
        chains.addWhatTheJdkRefuses();
        return chains;
    }

    private void addOrders() {
        MadeCertificate own = server("ordered");
        add("ordered", own, List.of(own, MIDDLE, ROOT), tlsa("2 0 1", ROOT));
        own = server("unordered");
        add("unordered", own, List.of(own, ROOT, MIDDLE), tlsa("2 0 1", ROOT));
        own = server("extra");
        add("extra", own, List.of(own, OTHER, MIDDLE, ROOT), tlsa("2 1 1", MIDDLE));
        own = server("doubled");
        add("doubled", own, List.of(own, own, MIDDLE, ROOT), tlsa("2 0 2", ROOT));
        own = server("bare-key");
        add("bare-key", own, List.of(own, MIDDLE), tlsa("2 1 0", ROOT));
        own = server("bare-certificate");
        add("bare-certificate", own, List.of(own, MIDDLE), tlsa("2 0 0", ROOT));
        own = server("not-sent");
        add("not-sent", own, List.of(own, MIDDLE), tlsa("2 0 1", ROOT));
    }

    private void addNames() {
        byte[] malformed = MadeCertificate.uri("http://a b/");
        add("bad-name", MIDDLE, names("bad-name", malformed), tlsa("2 0 1", ROOT));
        MadeCertificate only = MIDDLE.issue("x", MadeCertificate.alternativeNames(new byte[][] {malformed}));
        add("only-bad-name", only, List.of(only, MIDDLE, ROOT), tlsa("2 0 1", ROOT));
        add("constrained", CONSTRAINED, names("constrained", malformed), tlsa("2 0 1", ROOT));
    }

    private void addAuthorities() {
        MadeCertificate own = server("stranger");
        add("stranger", own, List.of(own, MIDDLE, ROOT), tlsa("2 0 1", OTHER));
        own = server("itself");
        add("itself", own, List.of(own, own, MIDDLE), tlsa("2 1 1", own));
        add("clients", MIDDLE, List.of(names("clients"), MadeCertificate.onlyForClients()), tlsa("2 0 1", ROOT));
        own = server("over");
        add("over", own, List.of(own, OVER, ROOT), tlsa("2 0 1", ROOT));
        MadeCertificate customer = MIDDLE.server("customer.test");
        own = customer.server("mx.forged" + DOMAIN);
        add("forged", own, List.of(own, customer, MIDDLE, ROOT), tlsa("2 0 1", ROOT));
    }

    private void addDigests() {
        MadeCertificate own = server("agile");
        add("agile", own, List.of(own, MIDDLE, ROOT), tlsa("2 0 2", OTHER), tlsa("2 0 1", ROOT));
        own = server("agile-own");
        add("agile-own", own, List.of(own, MIDDLE), tlsa("3 1 2", OTHER), tlsa("3 1 1", own));
        own = server("agile-whole");
        add("agile-whole", own, List.of(own, MIDDLE, ROOT), tlsa("2 0 2", OTHER), tlsa("2 0 0", ROOT));
        own = server("agile-other");
        add("agile-other", own, List.of(own, MIDDLE, ROOT), tlsa("2 0 2", OTHER), tlsa("2 1 1", ROOT));
    }

    private void addWhatTheJdkRefuses() {
        String[] many = IntStream.range(0, 2000)
                .mapToObj(i -> "host" + i + ".mail.example.test")
                .toArray(String[]::new);
        MadeCertificate large = MIDDLE.server(many);
        add("large", large, List.of(large), tlsa("3 1 1", large));
        MadeCertificate own = server("long");
        MadeCertificate[] chain = new MadeCertificate[11];
        Arrays.fill(chain, MIDDLE);
        chain[0] = own;
        add("long", own, List.of(chain), tlsa("3 1 1", own));
    }

    private static MadeCertificate server(String name) {
        return MIDDLE.server("mx." + name + DOMAIN);
    }

    private static byte[] names(String name, byte[]... before) {
        return MadeCertificate.alternativeNames(
                Stream.concat(Stream.of(before), Stream.of(MadeCertificate.generalName("mx." + name + DOMAIN)))
                        .toArray(byte[][]::new));
    }

    private void add(String name, MadeCertificate issuer, byte[] names, String tlsa) {
        add(name, issuer, List.of(names), tlsa);
    }

    private void add(String name, MadeCertificate issuer, List<byte[]> extensions, String tlsa) {
        MadeCertificate own = issuer.issue("x", extensions.toArray(byte[][]::new));
        add(name, own, List.of(own, issuer, ROOT), new String[] {tlsa});
    }

    private void add(String name, MadeCertificate own, List<MadeCertificate> chain, String... tlsa) {
        records.put(name, List.of(tlsa));
        try {
            Files.writeString(
                    directory.resolve(name + ".key"),
                    pem("PRIVATE KEY", own.keys().getPrivate().getEncoded()));
            StringBuilder certificates = new StringBuilder();
            for (MadeCertificate each : chain) {
                certificates.append(pem("CERTIFICATE", each.certificate().getEncoded()));
            }
            Files.writeString(directory.resolve(name + ".pem"), certificates);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        } catch (GeneralSecurityException problem) {
            throw new IllegalStateException(problem);
        }
    }

    private static String pem(String what, byte[] octets) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets) + "\n-----END " + what
                + "-----\n";
    }

    private static String tlsa(String fields, MadeCertificate made) {
        X509Certificate certificate = made.certificate();
        try {
            byte[] selected = fields.charAt(2) == '0'
                    ? certificate.getEncoded()
                    : certificate.getPublicKey().getEncoded();
            byte[] data = switch (fields.charAt(4)) {
                case '1' -> MessageDigest.getInstance("SHA-256").digest(selected);
                case '2' -> MessageDigest.getInstance("SHA-512").digest(selected);
                default -> selected;
            };
            return fields + " " + HexFormat.of().formatHex(data);
        } catch (GeneralSecurityException problem) {
            throw new IllegalStateException(problem);
        }
    }

    /** Returns the lines of the zone {@code signed.test}, each chain at one of these addresses. */
    String zone(List<IpAddress> addresses) {
        StringBuilder zone = new StringBuilder();
        int next = 0;
        for (Map.Entry<String, List<String>> chain : records.entrySet()) {
            String name = chain.getKey();
            zone.append(name + " MX 10 mx." + name + "\nmx." + name + " A " + addresses.get(next++) + "\n");
            chain.getValue().forEach(record -> zone.append("_25._tcp.mx." + name + " TLSA " + record + "\n"));
        }
        return zone.toString();
    }

    /** Returns the lines of Postfix's {@code master.cf}, at the same addresses. */
    String services(List<IpAddress> addresses) {
        List<String> names = List.copyOf(records.keySet());
        return IntStream.range(0, names.size())
                .mapToObj(i -> addresses.get(i) + ":25 inet n - n - - smtpd\n    -o smtpd_tls_cert_file="
                        + directory.resolve(names.get(i) + ".pem") + "\n    -o smtpd_tls_key_file="
                        + directory.resolve(names.get(i) + ".key"))
                .collect(Collectors.joining("\n"));
    }
}
