// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cdi;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.RecipientReport;

/** Observes how deliveries end. Events of several domains arrive concurrently, on threads of Postroad. */
@ApplicationScoped
public class DeliveryLog {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    void on(@Observes DeliveryEvent.Concluded event) {
        for (RecipientReport report : event.report().recipients()) {
            String by = report.decidedBy()
                    .map(decided -> " by " + decided.remote().role())
                    .orElse("");
            lines.add(report.recipient() + ": " + report.verdict() + by);
        }
    }

    /** Returns what has been observed and forgets it. */
    List<String> take() {
        List<String> taken = lines.stream().sorted().toList();
        lines.clear();
        return taken;
    }
}
