// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where mail to some recipients would go, as found by {@code Postroad.route} without contacting a mail server. */
public final class RoutePlan {

    /**
     * The version of the format of {@link #toJson()}. A version gets more fields and more values of enumerations, but no field of it is
     * removed or changes its type or meaning.
     */
    public static final int JSON_VERSION = 1;

    private final List<DomainRoute> domains;
    private final List<InvalidRecipient> invalidRecipients;

    /** Creates a plan. */
    public RoutePlan(List<DomainRoute> domains, List<InvalidRecipient> invalidRecipients) {
        this.domains = List.copyOf(domains);
        this.invalidRecipients = List.copyOf(invalidRecipients);
    }

    /** {@return one route for each recipient domain, in the order of first appearance} */
    public List<DomainRoute> domains() {
        return domains;
    }

    /** {@return the recipients with malformed addresses, to which nothing can be sent, in the caller's order} */
    public List<InvalidRecipient> invalidRecipients() {
        return invalidRecipients;
    }

    /**
     * {@return this plan as one line of JSON (RFC 8259), of ASCII characters} Fields have the names of the accessors, as in
     * {@link DeliveryReport#toJson()}. What does not exist, such as a {@code passedOver} of an address that is contacted, is a field that does
     * not exist.
     */
    public String toJson() {
        return new JsonObject()
                .with("version", JSON_VERSION)
                .with("domains", domains.stream().map(RouteJson::of).toList())
                .with(
                        "invalidRecipients",
                        invalidRecipients.stream().map(ReportJson::of).toList())
                .toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RoutePlan that
                && domains.equals(that.domains)
                && invalidRecipients.equals(that.invalidRecipients);
    }

    @Override
    public int hashCode() {
        return Objects.hash(domains, invalidRecipients);
    }

    /** {@return several human-readable lines: one block for each domain, then one line for each invalid recipient} */
    @Override
    public String toString() {
        return Stream.concat(
                        domains.stream().map(DomainRoute::toString),
                        invalidRecipients.stream().map(InvalidRecipient::toString))
                .collect(Collectors.joining("\n"));
    }
}
