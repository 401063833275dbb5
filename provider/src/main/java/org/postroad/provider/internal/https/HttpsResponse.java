// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.https;

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
 * HTTP/1.1 response (RFC 9112), whose body is read on demand. This class limits the number of octets; the caller limits the time. Not
 * thread-safe.
 */
public final class HttpsResponse {

    /** Maximum octets of everything but the body: status line, header, chunk sizes, trailer. */
    static final int MAX_OVERHEAD = 32 * 1024;

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[0-9] ([1-5][0-9]{2})(?: .*)?");
    private static final Pattern FIELD_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9A-Fa-f]{1,8}");

    private final InputStream in;
    private int overhead;
    private int status;
    private Map<String, List<String>> fields = Map.of();

    private HttpsResponse(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /**
     * Reads a response up to its body.
     *
     * @throws IOException if there is no valid response; the message gives the reason
     */
    public static HttpsResponse read(InputStream in) throws IOException {
        HttpsResponse response = new HttpsResponse(in);
        do { // interim responses (RFC 9110 §15.2)
            response.readHead();
        } while (response.status < 200);
        return response;
    }

    /** Returns the status code, 200 to 599. */
    public int status() {
        return status;
    }

    private void readHead() throws IOException {
        String statusLine = readLine();
        Matcher matcher = STATUS_LINE.matcher(statusLine);
        if (!matcher.matches()) {
            throw new IOException(Printable.quote(statusLine) + " is not an HTTP/1.1 status line");
        }
        fields = readFields();
        status = Integer.parseInt(matcher.group(1));
    }

    private Map<String, List<String>> readFields() throws IOException {
        Map<String, List<String>> read = new HashMap<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            if (colon < 0 || !FIELD_NAME.matcher(line.substring(0, colon)).matches()) {
                throw new IOException(Printable.quote(line) + " is not a header field");
            }
            read.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(WhiteSpace.strip(line.substring(colon + 1)));
        }
        return read;
    }

    /**
     * Returns the value of a field; a field may be repeated only with the same value.
     *
     * @throws IOException if it has different values
     */
    public Optional<String> field(String name) throws IOException {
        List<String> values = fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .distinct()
                .toList();
        if (values.size() > 1) {
            throw new IOException("more than one " + name);
        }
        return values.stream().findFirst();
    }

    /**
     * Returns the body. A body that is delimited only by the end of the connection is rejected: the JDK's TLS does not distinguish the
     * server's end from one that an attacker forged (RFC 9112 §9.8), and a truncated body can mean something else.
     *
     * @param limit the maximum number of octets
     * @throws IOException if the body is incomplete, is too large, or has a coding that the request did not accept; the message gives the
     *     reason
     */
    public byte[] body(int limit) throws IOException {
        Optional<String> coding = field("Content-Encoding");
        if (coding.isPresent() && !coding.get().equalsIgnoreCase("identity")) {
            throw new IOException("Content-Encoding " + Printable.quote(coding.get()) + ", which was not requested");
        }
        Optional<String> transferCoding = field("Transfer-Encoding");
        if (transferCoding.isPresent()) {
            if (!transferCoding.get().equalsIgnoreCase("chunked")) {
                throw new IOException("Transfer-Encoding " + Printable.quote(transferCoding.get()));
            }
            return chunks(limit);
        }
        String length = field("Content-Length")
                .orElseThrow(() -> new IOException(
                        "neither Content-Length nor chunked: cannot tell whether the body is complete"));
        if (!LENGTH.matcher(length).matches()) {
            throw new IOException("Content-Length " + Printable.quote(length));
        }
        return read(checkedSize(Long.parseLong(length), limit));
    }

    /** Reads a chunked body (RFC 9112 §7.1). */
    private byte[] chunks(int limit) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = readChunkSize(limit); size > 0; size = readChunkSize(limit)) {
            checkedSize(body.size() + (long) size, limit);
            body.writeBytes(read(size));
            if (!readLine().isEmpty()) {
                throw new IOException("a chunk longer than its stated size");
            }
        }
        readFields();
        return body.toByteArray();
    }

    private int readChunkSize(int limit) throws IOException {
        String line = readLine();
        String size = WhiteSpace.strip(line.split(";", 2)[0]);
        if (!CHUNK_SIZE.matcher(size).matches()) {
            throw new IOException(Printable.quote(line) + " is not a chunk size");
        }
        return checkedSize(Long.parseLong(size, 16), limit);
    }

    private static int checkedSize(long octets, int limit) throws IOException {
        if (octets > limit) {
            throw new IOException("a body of more than " + limit + " octets");
        }
        return (int) octets;
    }

    private byte[] read(int octets) throws IOException {
        byte[] read = in.readNBytes(octets);
        if (read.length < octets) {
            throw prematureEnd();
        }
        return read;
    }

    /** Reads up to CRLF or a bare LF (RFC 9112 §2.2). */
    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw prematureEnd();
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
            throw new IOException("more than " + MAX_OVERHEAD + " octets beside the body");
        }
    }

    private static EOFException prematureEnd() {
        return new EOFException("the connection ended too early");
    }
}
