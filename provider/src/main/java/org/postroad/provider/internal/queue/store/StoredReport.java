// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.postroad.api.Attempt;
import org.postroad.api.DeliveryReport;
import org.postroad.api.DomainReport;
import org.postroad.api.Mailbox;
import org.postroad.api.RecipientReport;

/** The report of an attempt in the form in which it is stored: JSON, compressed, of a limited size. */
public final class StoredReport {

    /** Maximum number of recipients whose results are stored. Those that were not delivered come first. */
    static final int MAX_RECIPIENTS = 50;

    /** Maximum size of the JSON, in octets. */
    static final int MAX_SIZE = 1 << 20;

    private final byte[] octets;

    private StoredReport(byte[] octets) {
        this.octets = octets;
    }

    /** Returns the stored form of a report; empty if it is too big. */
    public static Optional<StoredReport> of(DomainReport report) {
        byte[] json = new DeliveryReport(List.of(shortened(report))).toJson().getBytes(StandardCharsets.US_ASCII);
        return json.length > MAX_SIZE ? Optional.empty() : Optional.of(new StoredReport(compressed(json)));
    }

    private static DomainReport shortened(DomainReport report) {
        if (report.recipients().size() <= MAX_RECIPIENTS) {
            return report;
        }
        List<RecipientReport> recipients = report.recipients().stream()
                .sorted((one, other) ->
                        Boolean.compare(one.status().isSuccess(), other.status().isSuccess()))
                .limit(MAX_RECIPIENTS)
                .toList();
        Set<Mailbox> mailboxes = new HashSet<>();
        recipients.forEach(one -> mailboxes.add(one.recipient()));
        List<Attempt> attempts = report.attempts().stream()
                .map(attempt -> attempt.withOutcomes(attempt.outcomes().stream()
                        .filter(outcome -> mailboxes.contains(outcome.recipient()))
                        .toList()))
                .toList();
        return new DomainReport(
                report.domain(), report.lookups(), report.refusedAddresses(), attempts, recipients, report.mtaSts());
    }

    private static byte[] compressed(byte[] json) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (DeflaterOutputStream out = new DeflaterOutputStream(octets, deflater)) {
            out.write(json);
        } catch (IOException e) {
            throw new IllegalStateException("Memory cannot be written", e);
        } finally {
            deflater.end();
        }
        return octets.toByteArray();
    }

    /** Returns what is stored. */
    byte[] octets() {
        return octets;
    }

    /** Returns the JSON of what was stored; empty if it cannot be read. */
    static Optional<String> json(byte[] octets) {
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(octets))) {
            byte[] json = in.readNBytes(MAX_SIZE + 1);
            return json.length > MAX_SIZE ? Optional.empty() : Optional.of(new String(json, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
