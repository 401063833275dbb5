// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.springboot;

import java.util.List;
import org.postroad.api.SetupReport;
import org.postroad.provider.Postroad;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.stereotype.Component;

/** The health {@code mailSetup}: down if mail is not sent from here, or not by Postroad. The findings are its details. */
@Component
class MailSetupHealth implements HealthIndicator {

    private final JavaMailSenderImpl sender;

    MailSetupHealth(JavaMailSenderImpl sender) {
        this.sender = sender;
    }

    @Override
    public Health health() {
        SetupReport report = Postroad.check(sender.getSession());
        Health.Builder health = report.hasProblem() ? Health.down() : Health.up();
        return health.withDetail("findings", texts(report)).build();
    }

    /** Returns the findings, for the demonstration. */
    List<String> findings() {
        return texts(Postroad.check(sender.getSession()));
    }

    private static List<String> texts(SetupReport report) {
        return report.findings().stream().map(Object::toString).toList();
    }
}
