// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.util.List;
import java.util.Map;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.tck.ReferenceDns.Answer;
import org.postroad.tck.ReferenceDns.Kind;

/** Transports that misinterpret DNS: LOOKUP. */
final class LookupGallery {

    static final List<Broken> BROKEN = List.of(
            caughtBy(AsksForAddressesFirst.class, "LOOKUP-01", "LOOKUP-03"),
            caughtBy(AsksForUnicode.class, "LOOKUP-01"),
            caughtBy(DoesNotFollowAliases.class, "LOOKUP-01", "LOOKUP-02"),
            caughtBy(TakesAFailedMxLookupForNone.class, "LOOKUP-02"),
            caughtBy(BouncesAfterAFailedMxLookup.class, "LOOKUP-02"),
            caughtBy(AsksOnForWhatDoesNotExist.class, "LOOKUP-03"),
            caughtBy(DefersWhatDoesNotExist.class, "LOOKUP-03", "MAIL-05", "MAIL-06"),
            caughtBy(
                    AsksForItsOwnFamilyOnly.class,
                    "ADDR-04",
                    "END-03",
                    "END-04",
                    "LOOKUP-04",
                    "LOOKUP-05",
                    "RELAY-01",
                    "RELAY-02",
                    "RELAY-03",
                    "RELAY-04",
                    "RELAY-05",
                    "RELAY-06",
                    "RELAY-07",
                    "RELAY-09"),
            caughtBy(NeverAsksForA6.class, "LOOKUP-05"),
            caughtBy(AlwaysAsksForA6.class, "LOOKUP-05"),
            caughtBy(LooksLiteralsUp.class, "LOOKUP-06"),
            caughtBy(DoesNotKnowNullMx.class, "LOOKUP-07", "MAIL-05", "MAIL-06"),
            caughtBy(TakesADotForTheDomain.class, "LOOKUP-07", "MAIL-05", "MAIL-06"),
            caughtBy(LetsOneFailureHideAnAnswer.class, "LOOKUP-08"),
            caughtBy(StopsAtAHostThatIsNotKnown.class, "LOOKUP-08"),
            caughtBy(AsksTheParent.class, "LOOKUP-09"));

    private LookupGallery() {}

    static class AsksForAddressesFirst extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Map<String, ReferenceOutcome> deliver(String domain, Mail mail, List<String> recipients) {
                    if (!domain.startsWith("[")) {
                        query(domain, RecordType.A);
                    }
                    return super.deliver(domain, mail, recipients);
                }
            };
        }
    }

    static class AsksForUnicode extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected String onTheWire(String text) {
                    return text;
                }
            };
        }
    }

    static class DoesNotFollowAliases extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Answer query(String name, RecordType<?> type) {
                    return name.endsWith("alias.test") || name.equals("a.test")
                            ? new Answer(Kind.NO_DATA, List.of())
                            : super.query(name, type);
                }
            };
        }
    }

    static class TakesAFailedMxLookupForNone extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void whenMxLookupFails(Delivery delivery) {
                    tryLevels(delivery, List.of(List.of(HostName.parse(delivery.domain()))), false);
                }
            };
        }
    }

    static class BouncesAfterAFailedMxLookup extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void whenMxLookupFails(Delivery delivery) {
                    delivery.concludeAll("5.4.3", "no MX records");
                }
            };
        }
    }

    static class AsksOnForWhatDoesNotExist extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void whenThereIsNoSuchName(Delivery delivery) {
                    tryLevels(delivery, List.of(List.of(HostName.parse(delivery.domain()))), false);
                }
            };
        }
    }

    static class DefersWhatDoesNotExist extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void whenThereIsNoSuchName(Delivery delivery) {
                    delivery.concludeAll("4.4.3", "no such domain, today");
                }
            };
        }
    }

    static class AsksForItsOwnFamilyOnly extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<RecordType<?>> addressTypes() {
                    return super.addressTypes().stream()
                            .filter(type -> families().stream()
                                    .anyMatch(family ->
                                            RecordType.ofAddresses(family).equals(type)))
                            .<RecordType<?>>map(type -> type)
                            .toList();
                }
            };
        }
    }

    static class NeverAsksForA6 extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<RecordType<?>> addressTypes() {
                    return List.of(RecordType.AAAA, RecordType.A);
                }
            };
        }
    }

    static class AlwaysAsksForA6 extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<RecordType<?>> addressTypes() {
                    return List.of(RecordType.AAAA, RecordType.A, RecordType.A6);
                }
            };
        }
    }

    static class LooksLiteralsUp extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean looksUpLiterals() {
                    return true;
                }
            };
        }
    }

    static class DoesNotKnowNullMx extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isNullMx(List<Exchanger> records) {
                    return false;
                }
            };
        }
    }

    static class TakesADotForTheDomain extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void whenMxesAreListed(Delivery delivery, List<Exchanger> records) {
                    super.whenMxesAreListed(
                            delivery,
                            records.stream()
                                    .map(record -> record.isNone() ? new Exchanger(0, delivery.domain()) : record)
                                    .toList());
                }
            };
        }
    }

    static class LetsOneFailureHideAnAnswer extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Addresses lookUp(Host host) {
                    Addresses addresses = super.lookUp(host);
                    return addresses.failed() ? new Addresses(List.of(), false, true) : addresses;
                }
            };
        }
    }

    static class AsksTheParent extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void whenThereIsNoSuchName(Delivery delivery) {
                    String parent =
                            delivery.domain().substring(delivery.domain().indexOf('.') + 1);
                    if (parent.contains(".")) {
                        deliver(parent, delivery.mail(), delivery.open());
                    }
                    super.whenThereIsNoSuchName(delivery);
                }
            };
        }
    }

    static class StopsAtAHostThatIsNotKnown extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void tryHost(Delivery delivery, Host host, Addresses addresses) {
                    super.tryHost(delivery, host, addresses);
                    if (addresses.failed() && addresses.known().isEmpty()) {
                        delivery.concludeAll("4.4.3", "a host is not known for now");
                    }
                }
            };
        }
    }
}
