// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/** The JSON form of the parts of a plan. Parts that are in a report, too, have the form that they have there. */
final class RouteJson {

    private RouteJson() {}

    static JsonObject of(DomainRoute route) {
        return new JsonObject()
                .with("domain", route.domain().toString())
                .with("nextHop", of(route.nextHop()))
                .with("lookups", route.lookups().stream().map(ReportJson::of).toList())
                .with("mtaSts", route.mtaSts().map(ReportJson::of))
                .with("hosts", route.hosts().stream().map(RouteJson::of).toList())
                .with("contacts", route.contacts().stream().map(RouteJson::of).toList())
                .with("decided", route.isDecided())
                .with(
                        "recipients",
                        route.recipients().stream().map(ReportJson::of).toList());
    }

    private static JsonObject of(DomainRoute.NextHop hop) {
        return new JsonObject()
                .with("host", hop.host().toString())
                .with("mxLookedUp", hop.mxLookedUp())
                .with("port", hop.port())
                .with("configured", hop.configured());
    }

    private static JsonObject of(RouteHost host) {
        JsonObject json = new JsonObject().with("role", host.role()).with("name", host.name());
        host.preference().ifPresent(preference -> json.with("preference", preference));
        return json.with("passedOver", host.passedOver().map(RouteJson::of))
                .with("addresses", host.addresses().stream().map(RouteJson::of).toList());
    }

    private static JsonObject of(RouteAddress address) {
        return new JsonObject()
                .with("address", address.address().toString())
                .with("dialled", address.dialled().toString())
                .with("passedOver", address.passedOver().map(RouteJson::of));
    }

    private static JsonObject of(RecipientReport.Decision decision) {
        return new JsonObject().with("rule", decision.rule()).with("explanation", decision.explanation());
    }

    static JsonObject of(PlannedContact contact) {
        return new JsonObject()
                .with("remote", ReportJson.of(contact.remote()))
                .with("tls", contact.tls())
                .with("tlsRequired", contact.isTlsRequired())
                .with(
                        "unsuitable",
                        contact.unsuitable()
                                .map(why -> new JsonObject()
                                        .with("status", why.status().toString())
                                        .with("detail", why.detail())));
    }
}
