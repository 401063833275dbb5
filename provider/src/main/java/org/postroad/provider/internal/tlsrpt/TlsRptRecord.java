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
 * The TXT record by which a domain says who wants its reports (RFC 8460 §3), such as {@code v=TLSRPTv1; rua=mailto:reports@example.org}.
 *
 * @param mailboxes to which reports are mailed
 * @param uploads to which they are uploaded
 * @param others what else stands there; cleaned
 */
public record TlsRptRecord(List<Mailbox> mailboxes, List<HttpsRequest.Target> uploads, List<String> others) {

    /** The label below which it is. */
    public static final String LABEL = "_smtp._tls";

    /** Addresses that are heeded: what is more would make us a tool to flood others. */
    static final int MAX_ADDRESSES = 10;

    private static final String VERSION = "v=TLSRPTv1;";
    private static final String ADDRESSES = "rua=";
    private static final String MAILTO = "mailto";
    private static final String HTTPS = "https";

    /** There is none. */
    public static final TlsRptRecord NOBODY = new TlsRptRecord(List.of(), List.of(), List.of());

    public TlsRptRecord {
        mailboxes = mailboxes.stream().distinct().toList(); // whoever is named twice gets one
        uploads = uploads.stream().distinct().toList();
        others = List.copyOf(others);
    }

    /** The record among the texts at that name; nobody's if none or more than one of them begins with the version. */
    public static TlsRptRecord parse(List<String> texts) {
        List<String> ours =
                texts.stream().filter(text -> text.startsWith(VERSION)).toList();
        if (ours.size() != 1) {
            return NOBODY;
        }
        for (String field : ours.get(0).substring(VERSION.length()).split(";", -1)) {
            String stripped = field.strip();
            if (stripped.startsWith(ADDRESSES)) {
                return read(stripped.substring(ADDRESSES.length())); // of several, the first counts
            }
        }
        return NOBODY;
    }

    private static TlsRptRecord read(String addresses) {
        List<Mailbox> mailboxes = new ArrayList<>();
        List<HttpsRequest.Target> uploads = new ArrayList<>();
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

    /** RFC 6068, of which one mailbox is used and what stands behind a question mark is not. */
    private static Mailbox mailbox(URI uri) {
        return Mailbox.parse(uri.getSchemeSpecificPart().split("\\?", 2)[0]);
    }

    /** On the usual port, and without a user: whoever writes a zone must not have us talk to whatever listens elsewhere. */
    private static HttpsRequest.Target upload(URI uri) {
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("It has no host, or a user");
        }
        if (uri.getPort() != -1 && uri.getPort() != HttpsRequest.PORT) {
            throw new IllegalArgumentException("It has a port of its own");
        }
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new HttpsRequest.Target(HostName.parse(uri.getHost()), HttpsRequest.PORT, path + query);
    }
}
