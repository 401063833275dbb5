// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cdi;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.mail.Session;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.eclipse.microprofile.health.Readiness;
import org.postroad.api.SetupReport;
import org.postroad.provider.Mx;
import org.postroad.provider.Postroad;

/** A health check of MicroProfile: not ready if mail is not sent from here, or not by Postroad. The report is its data. */
@Readiness
@ApplicationScoped
public class MailReadiness implements HealthCheck {

    @Inject
    @Mx
    Session session;

    @Override
    public HealthCheckResponse call() {
        SetupReport report = Postroad.check(session);
        return new HealthCheckResponse(
                "mail", report.hasProblem() ? Status.DOWN : Status.UP, Optional.of(Map.of("report", report.toString())));
    }
}
