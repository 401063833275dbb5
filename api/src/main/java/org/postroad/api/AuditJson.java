// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/** The JSON form of the parts of an audit. Parts that are in a report, a plan or a probe, too, have the form that they have there. */
final class AuditJson {

    private AuditJson() {}

    static JsonObject of(AuditFinding finding) {
        return new JsonObject()
                .with("rule", finding.rule())
                .with("title", finding.title())
                .with("level", finding.level())
                .with("seen", finding.seen())
                .with("recommendation", finding.recommendation())
                .with("changes", finding.changes());
    }

    static JsonObject of(AuditHost host) {
        JsonObject json = new JsonObject().with("name", host.name());
        host.preference().ifPresent(preference -> json.with("preference", preference));
        return json.with("unusable", host.unusable())
                .with("addresses", host.addresses().stream().map(AuditJson::of).toList());
    }

    private static JsonObject of(AuditAddress address) {
        return new JsonObject()
                .with("address", address.address().toString())
                .with("family", address.address().family())
                .with("refusal", address.refusal())
                .with("notContacted", address.notContacted())
                .with("answered", address.answered())
                .with("probes", address.probes().stream().map(ProbeJson::of).toList());
    }

    static JsonObject of(AuditScenario scenario) {
        return new JsonObject()
                .with("sender", scenario.sender())
                .with("down", of(scenario.down()))
                .with("reached", scenario.isReached())
                .with("takers", scenario.takers().stream().map(AuditJson::of).toList())
                .with("notTaken", scenario.notTaken().map(AuditJson::of));
    }

    static JsonObject of(AuditScenario.Down down) {
        return new JsonObject()
                .with("kind", down.kind())
                .with("host", down.host())
                .with(
                        "addresses",
                        down.addresses().stream().map(IpAddress::toString).toList());
    }

    private static JsonObject of(AuditScenario.Taker taker) {
        return new JsonObject()
                .with("host", taker.host())
                .with(
                        "addresses",
                        taker.addresses().stream().map(IpAddress::toString).toList());
    }

    private static JsonObject of(AuditScenario.NotTaken result) {
        return new JsonObject()
                .with("status", result.status().toString())
                .with("rule", result.rule())
                .with("explanation", result.explanation());
    }
}
