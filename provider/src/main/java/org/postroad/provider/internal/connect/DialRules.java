// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/**
 * Decides which published addresses may be contacted, and which addresses are dialled for them (ADDR-02, ADDR-04, ADDR-05). Applies to
 * every outgoing connection to an address that a zone publishes: mail, MTA-STS policies and TLS reports. Thread-safe.
 */
public final class DialRules {

    private final ConnectSettings settings;
    private final FamilyDetection families;
    private final Nat64Discovery nat64;

    public DialRules(ConnectSettings settings, FamilyDetection families, Nat64Discovery nat64) {
        this.settings = settings;
        this.families = families;
        this.nat64 = nat64;
    }

    /**
     * Returns the rules for the current state of the network. Blocks for DNS, up to the deadline, if only IPv6 is available and it is not
     * yet known whether there is a NAT64.
     *
     * <p>A configured prefix always counts, since a dual-stack host may also reach the NAT64. A prefix is discovered only if it is needed
     * to reach IPv4.
     */
    public Now now(Deadline deadline) throws InterruptedException {
        Set<Family> ours = ourFamilies();
        boolean translates = Nat64Discovery.isUseful(ours);
        Nat64Discovery.Discovered discovered = translates || settings.nat64().isPresent()
                ? nat64.prefixes(deadline)
                : new Nat64Discovery.Discovered(List.of(), Optional.empty());
        List<Nat64Prefix> prefixes = discovered.prefixes();
        return new Now(
                ours,
                new AddressGuard(settings.allowed(), prefixes),
                translates ? prefixes.stream().findFirst() : Optional.empty(),
                prefixes.isEmpty() ? discovered.failure().map(DnsAnswer.Failed::reason) : Optional.empty());
    }

    /** A host without any network counts as dual-stack: its dials then fail temporarily, whereas "no usable address" would bounce mail. */
    private Set<Family> ourFamilies() {
        Set<Family> detected = families.current();
        return detected.isEmpty() ? EnumSet.allOf(Family.class) : detected;
    }

    /** The rules at one moment. Pure. */
    public static final class Now {

        private final Set<Family> families;
        private final AddressGuard guard;
        private final Optional<Nat64Prefix> nat64;
        private final Optional<String> nat64Failure;

        private Now(
                Set<Family> families, AddressGuard guard, Optional<Nat64Prefix> nat64, Optional<String> nat64Failure) {
            this.families = Set.copyOf(families);
            this.guard = guard;
            this.nat64 = nat64;
            this.nat64Failure = nat64Failure;
        }

        /** Returns the families in which this host reaches the Internet; at least one. */
        public Set<Family> families() {
            return families;
        }

        /** Returns the reason why the published address is refused, as in "private" (ADDR-05). Empty if it may be contacted. */
        public Optional<String> refusal(IpAddress published) {
            return guard.refusal(published);
        }

        /**
         * Returns the address to dial for a published address: the address itself if it is of our families (ADDR-02), or its NAT64 address
         * (ADDR-04). Empty if it cannot be reached.
         */
        public Optional<IpAddress> dialled(IpAddress published) {
            if (families.contains(published.family())) {
                return Optional.of(published);
            }
            return published.family() == Family.IPV4
                    ? nat64.map(prefix -> prefix.synthesize(published))
                    : Optional.empty();
        }

        /** Returns whether IPv4 addresses are dialled through a NAT64. */
        public boolean hasNat64() {
            return nat64.isPresent();
        }

        /** Returns why it is unknown whether there is a NAT64. Empty if it is known or does not matter. */
        public Optional<String> nat64Failure() {
            return nat64Failure;
        }
    }
}
