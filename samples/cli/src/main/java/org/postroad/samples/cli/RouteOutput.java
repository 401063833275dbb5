// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import org.postroad.api.DomainRoute;
import org.postroad.api.InvalidRecipient;
import org.postroad.api.RecipientReport;
import org.postroad.api.RoutePlan;
import org.postroad.api.Verdict;
import org.postroad.samples.cli.TextOutput.Look;

/** A route as text, and its exit code. */
final class RouteOutput {

    private RouteOutput() {}

    static void print(RoutePlan plan, TextOutput out) {
        for (DomainRoute route : plan.domains()) {
            route.toString().lines().forEach(line -> out.line(line, look(line)));
        }
        for (InvalidRecipient invalid : plan.invalidRecipients()) {
            out.line(invalid.toString(), Look.PERMANENT);
        }
    }

    private static Look look(String line) {
        if (!line.startsWith(" ")) {
            return Look.HEADING;
        } else if (line.startsWith("  contact 1 ")) {
            return Look.GOOD;
        } else if (line.startsWith("  result ") || line.startsWith("  otherwise ")) {
            return line.contains("> " + Verdict.FAILED) ? Look.PERMANENT : Look.TEMPORARY;
        }
        return line.contains(": passed over (") || line.startsWith("  dns ") ? Look.MINOR : Look.PLAIN;
    }

    /** Returns the code of the worst recipient: that of its result, if there is no host to contact. */
    static int exitCode(RoutePlan plan) {
        int worst = plan.invalidRecipients().isEmpty() ? ExitCode.OK : ExitCode.PERMANENT;
        for (DomainRoute route : plan.domains()) {
            for (RecipientReport report : route.recipients()) {
                worst = Math.max(worst, route.isDecided() ? ExitCode.of(report.status()) : ExitCode.OK);
            }
        }
        return worst;
    }
}
