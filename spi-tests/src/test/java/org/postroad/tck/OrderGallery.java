// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.postroad.api.Family;
import org.postroad.api.Host;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta;

/** Transports that try the wrong host or address, or at the wrong time: ORDER, ADDR. */
final class OrderGallery {

    static final List<Broken> BROKEN = List.of(
            caughtBy(SendsToTheDomainThoughThereIsMx.class, "ORDER-01", "RELAY-01"),
            caughtBy(NeedsMx.class, "END-01", "END-03", "END-04", "LOOKUP-04", "ORDER-01"),
            caughtBy(
                    HighestFirst.class,
                    "END-01",
                    "END-02",
                    "ORDER-02",
                    "ORDER-04",
                    "ORDER-08",
                    "RELAY-08",
                    "TRY-01",
                    "TRY-02",
                    "TRY-03",
                    "TRY-04",
                    "TRY-05",
                    "TRY-06",
                    "TRY-07",
                    "TRY-08",
                    "TRY-09",
                    "TRY-10",
                    "TRY-11"),
            caughtBy(ComparesPreferencesAsText.class, "ORDER-02"),
            caughtBy(ShufflesAcrossPreferences.class, "ORDER-02"),
            caughtBy(NeverShuffles.class, "ORDER-03"),
            caughtBy(PutsIpv6BeforePreference.class, "ORDER-04"),
            caughtBy(TriesTheFirstAddressOnly.class, "ADDR-02", "ORDER-05", "ORDER-07", "TRY-03"),
            caughtBy(HasItsOwnOrderOfAddresses.class, "ORDER-05"),
            caughtBy(DoesNotWaitForAHost.class, "ORDER-06"),
            caughtBy(SpeaksOnEveryConnection.class, "ORDER-06"),
            caughtBy(LeavesTheLoserOpen.class, "ORDER-06"),
            caughtBy(CutsAFamilyOff.class, "ORDER-05", "ORDER-07"),
            caughtBy(DoesNotKnowItself.class, "ORDER-08", "RELAY-08"),
            caughtBy(DoesNotKnowItsAddress.class, "ORDER-08"),
            caughtBy(
                    DialsWhereItHasNoNetwork.class,
                    "ADDR-02",
                    "ADDR-04",
                    "END-03",
                    "END-04",
                    "ORDER-04",
                    "RELAY-01",
                    "RELAY-02",
                    "RELAY-03",
                    "RELAY-04",
                    "RELAY-05",
                    "RELAY-06",
                    "RELAY-07",
                    "RELAY-09"),
            caughtBy(DoesNotKnowNat64.class, "ADDR-04"),
            caughtBy(DialsWhateverDnsSays.class, "ADDR-05"),
            caughtBy(IsFooledByWrapping.class, "ADDR-05"),
            caughtBy(LetsARefusedAddressSpoilTheOthers.class, "ADDR-05"));

    private OrderGallery() {}

    static class SendsToTheDomainThoughThereIsMx extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void whenMxesAreListed(Delivery delivery, List<Exchanger> records) {
                    List<Exchanger> more = new ArrayList<>(records);
                    if (!isNullMx(records)) {
                        more.add(new Exchanger(Short.MAX_VALUE, delivery.domain()));
                    }
                    super.whenMxesAreListed(delivery, more);
                }
            };
        }
    }

    static class NeedsMx extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void tryLevels(Delivery delivery, List<List<Host>> levels, boolean mxListed) {
                    super.tryLevels(delivery, mxListed ? levels : List.of(), mxListed);
                }
            };
        }
    }

    static class HighestFirst extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<List<Exchanger>> inOrder(List<Exchanger> records, Delivery delivery) {
                    List<List<Exchanger>> levels = new ArrayList<>(super.inOrder(records, delivery));
                    Collections.reverse(levels);
                    return levels;
                }
            };
        }
    }

    static class ComparesPreferencesAsText extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<List<Exchanger>> inOrder(List<Exchanger> records, Delivery delivery) {
                    return super.inOrder(records, delivery).stream()
                            .sorted(Comparator.comparing(
                                    level -> String.valueOf(level.get(0).preference())))
                            .toList();
                }
            };
        }
    }

    static class ShufflesAcrossPreferences extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<List<Exchanger>> inOrder(List<Exchanger> records, Delivery delivery) {
                    List<List<Exchanger>> levels = new ArrayList<>(super.inOrder(records, delivery));
                    if (levels.size() == 3
                            && levels.get(0).get(0).preference()
                                    == 5) { // only here, so that no other test detects it by chance
                        Collections.shuffle(levels);
                    }
                    return levels;
                }
            };
        }
    }

    static class NeverShuffles extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<List<Exchanger>> inOrder(List<Exchanger> records, Delivery delivery) {
                    TreeMap<Integer, List<Exchanger>> levels = new TreeMap<>();
                    records.forEach(record -> levels.computeIfAbsent(record.preference(), first -> new ArrayList<>())
                            .add(record));
                    return List.copyOf(levels.values());
                }
            };
        }
    }

    static class PutsIpv6BeforePreference extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<List<Exchanger>> inOrder(List<Exchanger> records, Delivery delivery) {
                    return super.inOrder(records, delivery).stream()
                            .sorted(Comparator.comparing(
                                    level -> query(level.get(0).host(), RecordType.AAAA)
                                            .records()
                                            .isEmpty()))
                            .toList();
                }
            };
        }
    }

    static class TriesTheFirstAddressOnly extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<IpAddress> usable(List<IpAddress> known) {
                    return super.usable(known).stream().limit(1).toList();
                }
            };
        }
    }

    static class HasItsOwnOrderOfAddresses extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<IpAddress> inOrder(List<IpAddress> addresses) {
                    return addresses;
                }
            };
        }
    }

    static class DoesNotWaitForAHost extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                private List<Exchanger> exchangers = List.of();

                @Override
                protected List<List<Exchanger>> inOrder(List<Exchanger> records, Delivery delivery) {
                    List<List<Exchanger>> levels = super.inOrder(records, delivery);
                    exchangers = levels.stream().map(level -> level.get(0)).toList();
                    return levels;
                }

                @Override
                protected ReferenceConnection dial(RemoteMta remote) throws IOException {
                    if (exchangers.size() != 2 || remote.family() == Family.IPV4) { // the slow host has an IPv6 address
                        return super.dial(remote);
                    }
                    FutureTask<ReferenceConnection> slow = new FutureTask<>(() -> super.dial(remote));
                    Thread thread = new Thread(slow);
                    thread.setDaemon(true);
                    thread.start();
                    try {
                        return slow.get(200, TimeUnit.MILLISECONDS);
                    } catch (TimeoutException e) {
                        return second(slow);
                    } catch (ExecutionException | InterruptedException e) {
                        throw new IOException(e);
                    }
                }

                private ReferenceConnection second(FutureTask<ReferenceConnection> slow) throws IOException {
                    Host next = Host.parse(exchangers.get(exchangers.size() - 1).host());
                    IpAddress address = usable(lookUp(next).known()).get(0);
                    super.dial(new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, next, address, 25))
                            .close();
                    try {
                        return slow.get();
                    } catch (ExecutionException | InterruptedException e) {
                        throw new IOException(e);
                    }
                }
            };
        }
    }

    static class SpeaksOnEveryConnection extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return connectingToTheSecondToo(session, loser -> {
                loser.reply();
                loser.command("EHLO client.test");
                loser.close();
            });
        }
    }

    static class LeavesTheLoserOpen extends ReferenceMxTransportTest {
        /** Keeps the connections reachable; otherwise the garbage collector would close them. */
        private static final List<ReferenceConnection> OPEN = new CopyOnWriteArrayList<>();

        @Override
        protected Transport create(Session session) {
            return connectingToTheSecondToo(session, OPEN::add);
        }
    }

    /** The action for one connection. */
    private interface Use {
        void of(ReferenceConnection connection) throws IOException;
    }

    private static Transport connectingToTheSecondToo(Session session, Use use) {
        return new ReferenceMxTransport(session) {
            @Override
            protected void tryHost(Delivery delivery, Host host, Addresses addresses) {
                super.tryHost(delivery, host, addresses);
                List<IpAddress> usable = usable(addresses.known());
                if (delivery.open().isEmpty() && usable.size() == 2) {
                    IpAddress second = usable.get(1);
                    try {
                        use.of(dial(new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, host, second, 25)));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        };
    }

    static class CutsAFamilyOff extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<IpAddress> capped(List<IpAddress> addresses) {
                    return addresses.stream().limit(3).toList();
                }
            };
        }
    }

    static class DoesNotKnowItself extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isOurs(List<Host> level, List<Addresses> addresses) {
                    return false;
                }
            };
        }
    }

    static class DoesNotKnowItsAddress extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isOurs(List<Host> level, List<Addresses> addresses) {
                    return super.isOurs(level, List.of());
                }
            };
        }
    }

    static class DialsWhereItHasNoNetwork extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<IpAddress> usable(List<IpAddress> known) {
                    return inOrder(known);
                }
            };
        }
    }

    static class DoesNotKnowNat64 extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Optional<ReferenceNetwork> nat64Prefix() {
                    return Optional.empty();
                }
            };
        }
    }

    static class DialsWhateverDnsSays extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isRefused(IpAddress address) {
                    return false;
                }
            };
        }
    }

    static class IsFooledByWrapping extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isRefused(IpAddress address) {
                    return address.family() == Family.IPV4 && super.isRefused(address);
                }
            };
        }
    }

    static class LetsARefusedAddressSpoilTheOthers extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Addresses addressesOf(Host host) {
                    Addresses addresses = super.addressesOf(host);
                    return lookUp(host).known().equals(addresses.known())
                            ? addresses
                            : new Addresses(List.of(), addresses.own(), addresses.failed());
                }
            };
        }
    }
}
