// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/** Transports that do not do what TLSA records demand: TLS-04 to 08. */
final class TlsGallery {

    static final List<Broken> BROKEN = List.of(
            caughtBy(TrustsEveryKey.class, "TLS-04"),
            caughtBy(DemandsMoreThanTheKey.class, "TLS-04"),
            caughtBy(SendsInTheClear.class, "TLS-04", "TLS-05"),
            caughtBy(TakesUnusableRecordsForNone.class, "TLS-05"),
            caughtBy(TakesUnusableRecordsForOtherKeys.class, "TLS-05"),
            caughtBy(LetsUnusableRecordsUndoTheOthers.class, "TLS-04"));

    private TlsGallery() {}

    static class TrustsEveryKey extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean matches(X509Certificate certificate, List<String> usable) {
                    return true;
                }
            };
        }
    }

    static class DemandsMoreThanTheKey extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean matches(X509Certificate certificate, List<String> usable) {
                    try {
                        certificate.checkValidity();
                        return super.matches(certificate, usable);
                    } catch (CertificateException expired) {
                        return false;
                    }
                }
            };
        }
    }

    static class SendsInTheClear extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean demandsTls(Published what) {
                    return false;
                }
            };
        }
    }

    static class TakesUnusableRecordsForNone extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean demandsTls(Published what) {
                    return !comparable(what.records()).isEmpty();
                }
            };
        }
    }

    static class TakesUnusableRecordsForOtherKeys extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<String> comparable(List<String> records) {
                    return records;
                }
            };
        }
    }

    static class LetsUnusableRecordsUndoTheOthers extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<String> comparable(List<String> records) {
                    List<String> comparable = super.comparable(records);
                    return comparable.size() == records.size() ? comparable : List.of();
                }
            };
        }
    }
}
