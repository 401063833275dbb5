// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DNSSEC.DNSSECException;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Master;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/** A zone of a {@link SigningServer}: its records and, if it is signed, its key. Answers are signed when they are sent. */
final class SignedZone {

    static final long TTL = 300;

    /** NSEC (RFC 4034 §4.1.2): types that exist at every name of a signed zone. */
    private static final int[] OF_EVERY_NAME = {Type.RRSIG, Type.NSEC};

    private final Name origin;
    private final NavigableMap<Name, List<RRset>> names = new TreeMap<>();
    private final Optional<Signer> signer;

    /** A key, and the validity period of its signatures. */
    private record Signer(KeyPair keys, DNSKEYRecord key, Instant from, Instant until) {}

    private SignedZone(Name origin, Optional<Signer> signer, String records) {
        this.origin = origin;
        this.signer = signer;
        Name host = name("ns.invalid.");
        add(new SOARecord(origin, DClass.IN, TTL, host, host, 1, 3600, 600, 86_400, TTL));
        add(new NSRecord(origin, DClass.IN, TTL, host));
        signer.ifPresent(signing -> add(signing.key()));
        try (Master master =
                new Master(new ByteArrayInputStream(records.getBytes(StandardCharsets.US_ASCII)), origin, TTL)) {
            for (Record next = master.nextRecord(); next != null; next = master.nextRecord()) {
                add(next);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Creates a zone whose signatures were made an hour ago, and are valid for another hour. */
    static SignedZone signed(String origin, String records) {
        Instant now = Instant.now();
        return signed(origin, now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(1)), records);
    }

    static SignedZone signed(String origin, Instant from, Instant until, String records) {
        Name name = name(origin);
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            DNSKEYRecord key = new DNSKEYRecord(
                    name,
                    DClass.IN,
                    TTL,
                    DNSKEYRecord.Flags.ZONE_KEY | DNSKEYRecord.Flags.SEP_KEY,
                    DNSKEYRecord.Protocol.DNSSEC,
                    DNSSEC.Algorithm.ECDSAP256SHA256,
                    keys.getPublic());
            return new SignedZone(name, Optional.of(new Signer(keys, key, from, until)), records);
        } catch (GeneralSecurityException | DNSSECException e) {
            throw new IllegalStateException(e);
        }
    }

    static SignedZone unsigned(String origin, String records) {
        return new SignedZone(name(origin), Optional.empty(), records);
    }

    static Name name(String text) {
        return Name.fromConstantString(text);
    }

    Name origin() {
        return origin;
    }

    /** Returns the digest of the key, for the parent zone or a trust anchor. Empty if the zone is not signed. */
    Optional<DSRecord> digest() {
        return signer.map(signing -> new DSRecord(origin, DClass.IN, TTL, DNSSEC.Digest.SHA256, signing.key()));
    }

    DNSKEYRecord key() {
        return signer.orElseThrow().key();
    }

    /** Adds a delegation. */
    void delegate(SignedZone child) {
        add(new NSRecord(child.origin, DClass.IN, TTL, name("ns.invalid.")));
        child.digest().ifPresent(this::add);
    }

    private void add(Record record) {
        List<RRset> sets = names.computeIfAbsent(record.getName(), owner -> new ArrayList<>());
        find(record.getName(), record.getType())
                .ifPresentOrElse(set -> set.addRR(record), () -> sets.add(new RRset(record)));
    }

    /** Returns the records, without a signature. */
    Optional<RRset> find(Name owner, int type) {
        return names.getOrDefault(owner, List.of()).stream()
                .filter(set -> set.getType() == type)
                .findFirst();
    }

    /** Returns whether the name or a name below it exists. */
    boolean exists(Name name) {
        return names.keySet().stream().anyMatch(owner -> owner.subdomain(name));
    }

    /** Returns the records, followed by their signature. */
    List<Record> signed(RRset set) {
        List<Record> records = new ArrayList<>(set.rrs(false));
        signer.ifPresent(signing -> {
            try {
                records.add(
                        DNSSEC.sign(set, signing.key(), signing.keys().getPrivate(), signing.from(), signing.until()));
            } catch (DNSSECException e) {
                throw new IllegalStateException(e);
            }
        });
        return records;
    }

    /** Returns the proof that the name, or this type at it, does not exist (RFC 4035 §3.1.3). */
    List<Record> denial(Name name) {
        Set<Name> owners = new LinkedHashSet<>();
        if (signer.isPresent()) {
            owners.add(names.floorKey(name));
            if (!exists(name)) {
                owners.add(names.floorKey(wildcardAbove(name)));
            }
        }
        return Stream.concat(
                        find(origin, Type.SOA).stream(),
                        owners.stream().map(this::nsec).map(RRset::new))
                .flatMap(set -> signed(set).stream())
                .toList();
    }

    private Name wildcardAbove(Name name) {
        int labels = 1;
        while (!exists(new Name(name, labels))) {
            labels++;
        }
        return name.wild(labels);
    }

    private Record nsec(Name owner) {
        Name next = Optional.ofNullable(names.higherKey(owner)).orElse(origin);
        int[] types = Stream.concat(
                        names.getOrDefault(owner, List.of()).stream().map(RRset::getType),
                        Arrays.stream(OF_EVERY_NAME).boxed())
                .mapToInt(Integer::intValue)
                .toArray();
        return new NSECRecord(owner, DClass.IN, TTL, next, types);
    }
}
