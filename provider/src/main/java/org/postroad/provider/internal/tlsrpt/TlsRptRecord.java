// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.postroad.api.HostName;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.provider.internal.https.HttpsRequest;

/**
 * The TXT record that names the recipients of a domain's reports (RFC 8460 §3), such as {@code v=TLSRPTv1; rua=mailto:reports@example.org}.
 *
 * @param mailboxes where to mail reports
 * @param uploads where to upload reports
 * @param others other entries, cleaned
 */
public record TlsRptRecord(List<Mailbox> mailboxes, List<HttpsRequest.HttpsTarget> uploads, List<String> others) {

    /** The label in front of the domain. */
    public static final String LABEL = "_smtp._tls";

    /** Maximum number of addresses used. Without a limit, we could be abused to flood others. */
    static final int MAX_ADDRESSES = 10;

    private static final String VERSION = "v=TLSRPTv1;";
    private static final String ADDRESSES = "rua=";
    private static final String MAILTO = "mailto";
    private static final String HTTPS = "https";

    /** No usable record, so no recipients. */
    public static final TlsRptRecord NONE = new TlsRptRecord(List.of(), List.of(), List.of());

    public TlsRptRecord {
        mailboxes = mailboxes.stream().distinct().toList(); // a duplicate gets one report
        uploads = uploads.stream().distinct().toList();
        others = List.copyOf(others);
    }

    /** Parses the record among the TXT records at that name. {@link #NONE} if none or more than one of them begins with the version. */
    public static TlsRptRecord parse(List<String> texts) {
        List<String> ours =
                texts.stream().filter(text -> text.startsWith(VERSION)).toList();
        if (ours.size() != 1) {
            return NONE;
        }
        for (String field : ours.get(0).substring(VERSION.length()).split(";", -1)) {
            String stripped = field.strip();
            if (stripped.startsWith(ADDRESSES)) {
                return read(stripped.substring(ADDRESSES.length())); // the first field counts
            }
        }
        return NONE;
    }

    private static TlsRptRecord read(String addresses) {
        List<Mailbox> mailboxes = new ArrayList<>();
        List<HttpsRequest.HttpsTarget> uploads = new ArrayList<>();
        List<String> others = new ArrayList<>();
        String[] all = addresses.split(",", MAX_ADDRESSES + 1);
        for (int i = 0; i < Math.min(all.length, MAX_ADDRESSES); i++) {
            String address = all[i].strip();
            try {
                URI uri = new URI(address);
                switch (Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT)) {
                    case MAILTO -> mailboxes.add(mailbox(uri));
                    case HTTPS -> uploads.add(upload(uri));
                    default -> others.add(Printable.clean(address));
                }
            } catch (URISyntaxException | IllegalArgumentException unreadable) {
                others.add(Printable.clean(address));
            }
        }
        others.removeIf(String::isEmpty);
        return new TlsRptRecord(mailboxes, uploads, others);
    }

    /** Reads a mailto URI (RFC 6068). Only one mailbox is supported, and the query is ignored. */
    private static Mailbox mailbox(URI uri) {
        return Mailbox.parse(uri.getSchemeSpecificPart().split("\\?", 2)[0]);
    }

    /** Only the default port and no user info: the author of a zone must not be able to direct us to other services. */
    private static HttpsRequest.HttpsTarget upload(URI uri) {
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("The URI has no host, or contains user info");
        }
        if (uri.getPort() != -1 && uri.getPort() != HttpsRequest.PORT) {
            throw new IllegalArgumentException("The URI has a port other than 443");
        }
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new HttpsRequest.HttpsTarget(HostName.parse(uri.getHost()), HttpsRequest.PORT, path + query);
    }
}
