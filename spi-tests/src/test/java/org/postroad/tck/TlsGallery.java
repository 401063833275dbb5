// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.postroad.api.RecordType;
import org.postroad.tck.ReferenceDns.Answer;
import org.postroad.tck.ReferenceDns.Kind;

/** Transports that ignore what TLSA records demand: TLS-04 to 08. */
final class TlsGallery {

    static final List<Broken> BROKEN = List.of(
            caughtBy(TrustsEveryKey.class, "TLS-04", "TLS-06"),
            caughtBy(DemandsMoreThanTheKey.class, "TLS-04"),
            caughtBy(SendsInTheClear.class, "TLS-04", "TLS-05"),
            caughtBy(TakesUnusableRecordsForNone.class, "TLS-05"),
            caughtBy(TakesUnusableRecordsForOtherKeys.class, "TLS-05"),
            caughtBy(LetsUnusableRecordsUndoTheOthers.class, "TLS-04"),
            caughtBy(BelievesUnsignedRecords.class, "TLS-06"),
            caughtBy(AsksOnlyWhereTheAddressIsSecure.class, "TLS-06"),
            caughtBy(AsksAtTheEndOfTheAliasesOnly.class, "TLS-06"),
            caughtBy(AsksAtTheHostOnly.class, "TLS-06", "TLS-08"),
            caughtBy(AsksOnlyWhereAllAddressesAreSecure.class, "TLS-06"),
            caughtBy(AsksWhereAnyAddressIsSecure.class, "TLS-06"),
            caughtBy(AsksTheServerForTheMx.class, "TLS-07"),
            caughtBy(AsksTheServerForTheEndOfTheAliases.class, "TLS-07"),
            caughtBy(AsksTheServerForNoName.class, "TLS-07"),
            caughtBy(TakesAFailedLookupForNoRecords.class, "TLS-08"),
            caughtBy(TakesAFailedLookupForUnusableRecords.class, "TLS-08"),
            caughtBy(TakesAFailedAliasForNone.class, "TLS-08"));

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

    static class BelievesUnsignedRecords extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isSecure(Answer answer) {
                    return true;
                }
            };
        }
    }

    static class AsksOnlyWhereTheAddressIsSecure extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Set<String> bases(String host, Answer listed, Answer alias) {
                    return listed.secure() ? super.bases(host, listed, alias) : Set.of();
                }
            };
        }
    }

    static class AsksAtTheEndOfTheAliasesOnly extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Set<String> bases(String host, Answer listed, Answer alias) {
                    return listed.secure() ? Set.of(listed.end()) : Set.of();
                }
            };
        }
    }

    static class AsksAtTheHostOnly extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Set<String> bases(String host, Answer listed, Answer alias) {
                    return super.bases(host, listed, alias).contains(host) ? Set.of(host) : Set.of();
                }
            };
        }
    }

    static class AsksOnlyWhereAllAddressesAreSecure extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Set<String> bases(String host, Answer listed, Answer alias) {
                    return query(host, RecordType.AAAA).secure() || listed.secure() != alias.secure()
                            ? super.bases(host, listed, alias)
                            : Set.of();
                }
            };
        }
    }

    static class AsksWhereAnyAddressIsSecure extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Set<String> bases(String host, Answer listed, Answer alias) {
                    Answer other = query(host, RecordType.AAAA);
                    return super.bases(host, listed.secure() || other.records().isEmpty() ? listed : other, alias);
                }
            };
        }
    }

    static class AsksTheServerForTheMx extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected String serverName(String host, Published what) {
                    return host;
                }
            };
        }
    }

    static class AsksTheServerForTheEndOfTheAliases extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected String serverName(String host, Published what) {
                    return query(host, RecordType.A).end();
                }
            };
        }
    }

    static class AsksTheServerForNoName extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected String serverName(String host, Published what) {
                    return "192.0.2.1"; // SNI does not allow addresses
                }
            };
        }
    }

    static class TakesAFailedLookupForNoRecords extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Published whenLookupFails() {
                    return Published.NOTHING;
                }
            };
        }
    }

    static class TakesAFailedLookupForUnusableRecords extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Published whenLookupFails() {
                    return new Published("unknown.test", List.of("unknown"), false);
                }
            };
        }
    }

    static class TakesAFailedAliasForNone extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Answer query(String name, RecordType<?> type) {
                    Answer answer = super.query(name, type);
                    return type == RecordType.CNAME && answer.kind() == Kind.FAILED
                            ? new Answer(Kind.NO_DATA, List.of())
                            : answer;
                }
            };
        }
    }
}
