// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Session;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.postroad.api.Family;
import org.postroad.api.Host;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.api.Relay;
import org.postroad.api.RemoteMta;
import org.postroad.tck.ReferenceDns.Answer;
import org.postroad.tck.ReferenceDns.Kind;

/** TLSA records in the reference transport: TLS-04 to 08. Only records of the server's own key by SHA-256 are usable. */
abstract class ReferenceDane extends ReferenceRelays {

    private static final String USABLE = "3 1 1 ";

    private Published published = Published.NOTHING;

    ReferenceDane(Session session) {
        super(session);
    }

    /**
     * The records published for an address of a host.
     *
     * @param base the TLSA base domain
     * @param records the records
     * @param failed whether the lookup failed temporarily
     */
    record Published(String base, List<String> records, boolean failed) {

        static final Published NOTHING = new Published("", List.of(), false);
        static final Published UNKNOWN = new Published("", List.of(), true);

        Published {
            records = List.copyOf(records);
        }
    }

    @Override
    protected boolean attempt(Delivery delivery, Host host, IpAddress address, int port, Optional<Relay> relay) {
        published = relay.isPresent()
                ? Published.NOTHING
                : host.fold(name -> published(name.text(), address), literal -> Published.NOTHING);
        if (published.failed()) {
            ReferenceOutcome outcome = ReferenceOutcome.concluded("4.4.3", "the TLSA records are not known for now");
            delivery.open().forEach(recipient -> delivery.note(recipient, outcome));
            return false;
        }
        return super.attempt(delivery, host, address, port, relay);
    }

    /** TLS-08: a stub resolver has no cache, so the address is queried again. */
    private Published published(String host, IpAddress address) {
        Answer listed = query(host, address.family() == Family.IPV4 ? RecordType.A : RecordType.AAAA);
        if (!listed.records().contains(address.toString())) {
            return Published.NOTHING;
        }
        Answer alias = listed.secure() || listed.end().equals(host) ? listed : query(host, RecordType.CNAME);
        if (alias.kind() == Kind.FAILED) {
            return whenLookupFails();
        }
        for (String base : bases(host, listed, alias)) {
            Answer answer = query("_25._tcp." + base, RecordType.TLSA);
            if (answer.kind() == Kind.FAILED) {
                return whenLookupFails();
            } else if (isSecure(answer) && answer.kind() == Kind.FOUND) {
                return new Published(base, answer.records(), false);
            }
        }
        return Published.NOTHING;
    }

    /** TLS-08. */
    protected Published whenLookupFails() {
        return Published.UNKNOWN;
    }

    /**
     * TLS-06: returns the names that may have records, in order of precedence.
     *
     * @param host the name of the host
     * @param listed the answer with the address
     * @param alias the same answer, or the answer for the alias itself if the host is one
     */
    protected Set<String> bases(String host, Answer listed, Answer alias) {
        Set<String> bases = new LinkedHashSet<>();
        if (isSecure(listed)) {
            bases.add(listed.end());
        }
        if (isSecure(alias) && alias.kind() == Kind.FOUND) {
            bases.add(host);
        }
        return bases;
    }

    /** TLS-06. */
    protected boolean isSecure(Answer answer) {
        return answer.secure();
    }

    @Override
    protected ReferenceConnection dial(RemoteMta remote) throws IOException {
        ReferenceConnection connection = super.dial(remote);
        if (demandsTls(published)) {
            connection.demandTls();
        }
        return connection;
    }

    /** TLS-04, TLS-05: whether or not any record is usable. */
    protected boolean demandsTls(Published what) {
        return !what.records().isEmpty();
    }

    @Override
    protected Optional<ReferenceOutcome> secure(ReferenceConnection connection, String host, Optional<Relay> relay)
            throws IOException, GeneralSecurityException {
        if (published.records().isEmpty()) {
            return super.secure(connection, host, relay);
        }
        List<String> usable = comparable(published.records());
        try {
            connection.secure(
                    trusting(usable.isEmpty() ? new ReferenceTrustingAnybody() : new TrustingKeys(usable)),
                    serverName(host, published),
                    false);
            return Optional.empty();
        } catch (SSLException e) {
            if (e.getCause() instanceof CertificateException) {
                return Optional.of(ReferenceOutcome.concluded("4.7.5", "no TLSA record matches"));
            }
            throw e;
        }
    }

    /** TLS-05: returns the usable records. */
    protected List<String> comparable(List<String> records) {
        return records.stream().filter(record -> record.startsWith(USABLE)).toList();
    }

    /** TLS-07. */
    protected String serverName(String host, Published what) {
        return what.base();
    }

    /** TLS-04. */
    protected boolean matches(X509Certificate certificate, List<String> usable) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(certificate.getPublicKey().getEncoded());
            return usable.contains(USABLE + HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }

    private final class TrustingKeys extends ReferenceTrustingAnybody {

        private final List<String> usable;

        TrustingKeys(List<String> usable) {
            this.usable = usable;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            if (!matches(chain[0], usable)) {
                throw new CertificateException("another key");
            }
        }
    }
}
