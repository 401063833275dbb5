// SPDX-License-Identifier: Apache-2.0
/**
 * The vocabulary of Postroad: immutable values for destinations, DNS answers, server replies and the result for each recipient.
 *
 * <p>In the order in which a message meets them:
 *
 * <ol>
 *   <li>{@link org.postroad.api.Mailbox} and its {@link org.postroad.api.Domain}: the recipient (RFC 5321 §4.1.2);
 *   <li>{@link org.postroad.api.HostName}, {@link org.postroad.api.IpAddress}, {@link org.postroad.api.Family}: hosts;
 *   <li>{@link org.postroad.api.RecordType} and {@link org.postroad.api.DnsAnswer}: a DNS question and its four outcomes;
 *   <li>{@link org.postroad.api.RemoteMta}, {@link org.postroad.api.Attempt}, {@link org.postroad.api.Outcome},
 *       {@link org.postroad.api.Reply}: one contact with one address and its outcome for each recipient;
 *   <li>{@link org.postroad.api.Relay}: an explicitly configured external relay;
 *   <li>{@link org.postroad.api.RecipientReport}, {@link org.postroad.api.DomainReport}, {@link org.postroad.api.DeliveryReport}:
 *       the result, with the {@link org.postroad.api.EnhancedStatus} of RFC 3463, the {@link org.postroad.api.BounceClass} of what
 *       was not delivered, each {@link org.postroad.api.InvalidRecipient} and each {@link org.postroad.api.MessageWarning}.
 * </ol>
 *
 * <p>Before any message: {@link org.postroad.api.SetupReport}, whether mail can be sent from here; {@link org.postroad.api.RoutePlan},
 * where it would go; {@link org.postroad.api.ProbeReport}, what the servers there do.
 *
 * <p>What users can rely on when later versions add something:
 *
 * <ul>
 *   <li><b>Records</b> are plain values that can have no other component, such as {@link org.postroad.api.Mailbox} and
 *       {@link org.postroad.api.MxRecord}: their components never change.
 *   <li><b>Sealed interfaces</b> are closed sets of outcomes, such as {@link org.postroad.api.DnsAnswer},
 *       {@link org.postroad.api.Outcome} and {@link org.postroad.api.Host}: no case is added, so that {@code fold} and a switch
 *       stay complete.
 *   <li><b>Final classes</b> are results, parameters of plug-ins, and configuration, such as {@link org.postroad.api.Attempt},
 *       {@link org.postroad.api.Relay} and {@link org.postroad.api.QueuedMail}: they can get more accessors. Their constructors
 *       and factories stay; new values are added by further ones. Their {@code toString} may change.
 *   <li><b>{@link org.postroad.api.DeliveryEvent}</b> can get more subclasses: ignore those that you do not know.
 *   <li><b>Enums</b> can get more constants: a switch needs a default.
 * </ul>
 *
 * <p>All types are immutable and thread-safe, and none of them does IO. Methods that parse text throw
 * {@link java.lang.IllegalArgumentException} with a message that names the invalid part and what is allowed. No parameter and
 * no result is null.
 */
@NullMarked
package org.postroad.api;

import org.jspecify.annotations.NullMarked;
