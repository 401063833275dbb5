// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postroad.api.Printable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * The trust anchors (RFC 4033 §2): digests of keys. The anchor of the root is required, because without it everything would be insecure.
 *
 * @param records a key given as DNSKEY is stored as its digest
 */
public record TrustAnchors(List<DSRecord> records) {

    /** Permitted content of a file, for error messages. */
    public static final String ALLOWED =
            "the path of a file with DS or DNSKEY records of the root, and optionally of other names, one per line, such"
                    + " as . IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D";

    /** Maximum size of a file, in octets. */
    static final int MAX_OCTETS = 65_536;

    private static final String GENERATE = "$GENERATE";

    /** Quoted strings, escapes and others: no DS or DNSKEY record needs them, and dnsjava fails on some. */
    private static final Pattern NOT_ALLOWED = Pattern.compile("[^\\w.*+/=()$ \\t-]");

    private static final String SHIPPED = "root-anchors.txt";

    public TrustAnchors {
        records = List.copyOf(records);
        if (records.stream().noneMatch(record -> record.getName().equals(Name.root))) {
            throw new IllegalArgumentException("it has no trust anchor of the root");
        }
    }

    /** Returns the trust anchors of the root of the Internet. */
    public static TrustAnchors shipped() {
        try (InputStream in = TrustAnchors.class.getResourceAsStream(SHIPPED)) {
            if (in == null) {
                throw new IllegalStateException("The resource " + SHIPPED + " is missing");
            }
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if the file cannot be read or is invalid; the message gives the reason
     */
    public static TrustAnchors ofFile(String path) {
        try (InputStream in = Files.newInputStream(Path.of(path))) {
            return read(in);
        } catch (IOException e) {
            throw new IllegalArgumentException("the file cannot be read: " + Printable.describe(e), e);
        }
    }

    /**
     * Parses zone-file lines.
     *
     * @throws IllegalArgumentException if they are invalid; the message gives the reason
     */
    public static TrustAnchors parse(String text) {
        if (text.toUpperCase(Locale.ROOT).contains(GENERATE)) {
            throw new IllegalArgumentException(GENERATE + " is not allowed: it can stand for any number of records");
        }
        checkCharacters(text);
        List<DSRecord> records = new ArrayList<>();
        try (Master lines = new Master(new ByteArrayInputStream(text.getBytes(ISO_8859_1)), Name.root, 0)) {
            lines.disableIncludes();
            for (Record next = lines.nextRecord(); next != null; next = lines.nextRecord()) {
                records.add(anchor(next));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("invalid zone-file lines: " + Printable.describe(e), e);
        }
        return new TrustAnchors(records);
    }

    private static void checkCharacters(String text) {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String beforeComment = lines.get(i).split(";", 2)[0];
            Matcher invalid = NOT_ALLOWED.matcher(beforeComment);
            if (invalid.find()) {
                throw new IllegalArgumentException(
                        "line " + (i + 1) + " has the character " + Printable.quote(invalid.group())
                                + "; allowed before a comment are ASCII letters, digits, spaces, tabs and . * + / = ( ) $ _ -");
            }
        }
    }

    private static TrustAnchors read(InputStream in) throws IOException {
        byte[] octets = in.readNBytes(MAX_OCTETS + 1);
        if (octets.length > MAX_OCTETS) {
            throw new IllegalArgumentException("there are more than " + MAX_OCTETS + " octets");
        }
        return parse(new String(octets, ISO_8859_1));
    }

    private static DSRecord anchor(Record record) {
        if (record.getDClass() == DClass.IN && record instanceof DSRecord digest) {
            return digest;
        } else if (record.getDClass() == DClass.IN && record instanceof DNSKEYRecord key) {
            return new DSRecord(key.getName(), DClass.IN, key.getTTL(), DNSSEC.Digest.SHA256, key);
        }
        throw new IllegalArgumentException("a " + DClass.string(record.getDClass()) + " "
                + Type.string(record.getType()) + " record of " + record.getName()
                + " is not a trust anchor; allowed are DS and DNSKEY records of class IN");
    }
}
