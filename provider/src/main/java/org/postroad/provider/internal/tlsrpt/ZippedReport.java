// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.postroad.api.TlsReport;

/** A report compressed for transport (RFC 8460 §5.2). */
public final class ZippedReport {

    /** The media type (RFC 8460 §6.5). */
    public static final String TYPE = "application/tlsrpt+gzip";

    private ZippedReport() {}

    public static byte[] of(TlsReport report) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(octets)) {
            zip.write(report.json().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Memory can be written", e);
        }
        return octets.toByteArray();
    }
}
