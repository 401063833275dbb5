// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postroad.api.Printable;

/**
 * Reads the one HTTP/1.1 response that carries a policy (RFC 9112), and refuses every other. The one who waits bounds the time; here
 * the octets are bounded. Used once.
 */
final class HttpResponse {

    /** Octets of everything but the policy: status line, header, sizes of chunks, trailer. */
    static final int MAX_OVERHEAD = 32 * 1024;

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[0-9] ([1-5][0-9]{2})(?: .*)?");
    private static final Pattern FIELD_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9A-Fa-f]{1,8}");

    private final InputStream in;
    private int overhead;
    private Map<String, List<String>> fields = Map.of();

    HttpResponse(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /**
     * The body.
     *
     * @throws IOException if this is not the whole policy as RFC 8461 §3.3 wants it sent; the message says why, as in "status 404"
     */
    byte[] policy() throws IOException {
        int status = readHead();
        while (status < 200) { // interim responses (RFC 9110 §15.2)
            status = readHead();
        }
        if (status >= 300 && status < 400) {
            throw new IOException("status " + status + ", and redirects are not followed (RFC 8461 §3.3)");
        }
        if (status != 200) {
            throw new IOException("status " + status + ", and not 200");
        }
        checkType();
        return body();
    }

    private int readHead() throws IOException {
        String statusLine = readLine();
        Matcher matcher = STATUS_LINE.matcher(statusLine);
        if (!matcher.matches()) {
            throw new IOException(Printable.quote(statusLine) + " is no status line of HTTP/1.1");
        }
        fields = readFields();
        return Integer.parseInt(matcher.group(1));
    }

    private Map<String, List<String>> readFields() throws IOException {
        Map<String, List<String>> read = new HashMap<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            if (colon < 0 || !FIELD_NAME.matcher(line.substring(0, colon)).matches()) {
                throw new IOException(Printable.quote(line) + " is no header field");
            }
            read.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(WhiteSpace.strip(line.substring(colon + 1)));
        }
        return read;
    }

    /** A field that says one thing, however often it is there. */
    private Optional<String> field(String name) throws IOException {
        List<String> values = fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .distinct()
                .toList();
        if (values.size() > 1) {
            throw new IOException("more than one " + name);
        }
        return values.stream().findFirst();
    }

    /** Parameters of the type say nothing (RFC 8461 §3.2). A coding was not asked for. */
    private void checkType() throws IOException {
        String type = field("Content-Type").orElseThrow(() -> new IOException("no Content-Type, and not text/plain"));
        if (!WhiteSpace.strip(type.split(";", 2)[0]).equalsIgnoreCase("text/plain")) {
            throw new IOException("Content-Type " + Printable.quote(type) + ", and not text/plain");
        }
        Optional<String> coding = field("Content-Encoding");
        if (coding.isPresent() && !coding.get().equalsIgnoreCase("identity")) {
            throw new IOException("Content-Encoding " + Printable.quote(coding.get()) + ", which was not asked for");
        }
    }

    /**
     * A body that ends only where the connection does is refused: TLS of the JDK does not tell the server's end from one that somebody
     * on the way made up (RFC 9112 §9.8), and half a policy can be a policy of a shorter max_age.
     */
    private byte[] body() throws IOException {
        Optional<String> transferCoding = field("Transfer-Encoding");
        if (transferCoding.isPresent()) {
            if (!transferCoding.get().equalsIgnoreCase("chunked")) {
                throw new IOException("Transfer-Encoding " + Printable.quote(transferCoding.get()));
            }
            return chunks();
        }
        String length = field("Content-Length")
                .orElseThrow(() ->
                        new IOException("neither Content-Length nor chunks: nobody can tell whether it is whole"));
        if (!LENGTH.matcher(length).matches()) {
            throw new IOException("Content-Length " + Printable.quote(length));
        }
        return read(checkedSize(Long.parseLong(length)));
    }

    /** RFC 9112 §7.1. */
    private byte[] chunks() throws IOException {
        ByteArrayOutputStream policy = new ByteArrayOutputStream();
        for (int size = readChunkSize(); size > 0; size = readChunkSize()) {
            checkedSize(policy.size() + (long) size);
            policy.writeBytes(read(size));
            if (!readLine().isEmpty()) {
                throw new IOException("a chunk that is longer than it said");
            }
        }
        readFields();
        return policy.toByteArray();
    }

    private int readChunkSize() throws IOException {
        String line = readLine();
        String size = WhiteSpace.strip(line.split(";", 2)[0]);
        if (!CHUNK_SIZE.matcher(size).matches()) {
            throw new IOException(Printable.quote(line) + " is no size of a chunk");
        }
        return checkedSize(Long.parseLong(size, 16));
    }

    private static int checkedSize(long octets) throws IOException {
        if (octets > StsPolicy.MAX_OCTETS) {
            throw new IOException("a policy of more than " + StsPolicy.MAX_OCTETS + " octets");
        }
        return (int) octets;
    }

    private byte[] read(int octets) throws IOException {
        byte[] read = in.readNBytes(octets);
        if (read.length < octets) {
            throw hungUp();
        }
        return read;
    }

    /** Up to CRLF, or LF alone (RFC 9112 §2.2). */
    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw hungUp();
            }
            count();
            line.write(octet);
        }
        count();
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private void count() throws IOException {
        overhead++;
        if (overhead > MAX_OVERHEAD) {
            throw new IOException("more than " + MAX_OVERHEAD + " octets beside the policy");
        }
    }

    private static EOFException hungUp() {
        return new EOFException("it ended too early");
    }
}
