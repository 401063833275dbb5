// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/** The JSON form of the parts of a probe. Parts that are in a report or a plan, too, have the form that they have there. */
final class ProbeJson {

    private ProbeJson() {}

    static JsonObject of(ProbedDomain domain) {
        return new JsonObject()
                .with("route", RouteJson.of(domain.route()))
                .with(
                        "addresses",
                        domain.addresses().stream().map(ProbeJson::of).toList());
    }

    static JsonObject of(AddressProbe probe) {
        JsonObject extensions = new JsonObject();
        probe.extensions().forEach(extensions::with);
        return new JsonObject()
                .with("contact", RouteJson.of(probe.contact()))
                .with("steps", probe.steps().stream().map(ProbeJson::of).toList())
                .with("tls", ReportJson.of(probe.tls()))
                .with("extensions", extensions)
                .with("failure", probe.failure().map(ProbeJson::of))
                .with(
                        "accepted",
                        probe.accepted().stream().map(Mailbox::toString).toList())
                .with("refused", probe.refused().stream().map(ReportJson::of).toList());
    }

    private static JsonObject of(ProbeStep step) {
        return new JsonObject()
                .with("stage", step.stage())
                .with("tookMillis", step.took().toMillis())
                .with("text", step.text());
    }

    private static JsonObject of(AddressProbe.Failure failure) {
        return new JsonObject()
                .with("stage", failure.stage())
                .with("outcome", ReportJson.of(failure.outcome()))
                .with("status", failure.status().toString());
    }
}
