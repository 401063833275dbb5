// SPDX-License-Identifier: Apache-2.0
/**
 * The audit of a domain: how well it receives mail from senders of each IP family (AUDIT-01 to AUDIT-10; Keith Moore's document, section 4).
 *
 * <p>Package {@code engine} collects what is known: the route to the domain as seen by a sender with both families, the probes of the
 * addresses, and what this host could do as a sender. Then
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.audit.SenderSimulation} runs the routing algorithm itself for one simulated sender, with the
 *       DNS answers that were collected and with hosts that do not answer. {@link org.postroad.provider.internal.audit.FailureScenarios}
 *       does this for each sender and each single failure;
 *   <li>{@link org.postroad.provider.internal.audit.AuthorityInquiry} asks the authoritative servers of the zones. It alone does I/O here;
 *   <li>{@link org.postroad.provider.internal.audit.AuditRules} turns what is known into findings, with one class for each group of rules:
 *       {@code ReachabilityRules} (AUDIT-01, 02, 03, 10), {@code ServerRules} (AUDIT-04, 05, 06), {@code RecordRules} (AUDIT-07),
 *       {@code OwnSenderRules} (AUDIT-08), {@code AuthorityRules} (AUDIT-09).
 * </ol>
 *
 * <p>Never here: a routing decision of its own; a connection to a mail server; a temporary failure reported as a fault of the site.
 */
@NullMarked
package org.postroad.provider.internal.audit;

import org.jspecify.annotations.NullMarked;
