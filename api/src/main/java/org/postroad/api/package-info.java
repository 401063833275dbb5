// SPDX-License-Identifier: Apache-2.0
/**
 * The vocabulary of Postroad: immutable values that say where mail is going, what DNS and the remote MTAs said, and what
 * became of each recipient.
 *
 * <p>In the order in which a message meets them:
 *
 * <ol>
 *   <li>{@link org.postroad.api.Mailbox} and its {@link org.postroad.api.Domain}: the recipient (RFC 5321 §4.1.2);
 *   <li>{@link org.postroad.api.HostName}, {@link org.postroad.api.IpAddress}, {@link org.postroad.api.Family}: hosts;
 *   <li>{@link org.postroad.api.RecordType} and {@link org.postroad.api.DnsAnswer}: a question to DNS and its four outcomes;
 *   <li>{@link org.postroad.api.RemoteMta}, {@link org.postroad.api.Attempt}, {@link org.postroad.api.Outcome},
 *       {@link org.postroad.api.Reply}: one contact with one address and what it decided for each recipient;
 *   <li>{@link org.postroad.api.Relay}: an explicitly configured external relay;
 *   <li>{@link org.postroad.api.RecipientReport}, {@link org.postroad.api.DomainReport},
 *       {@link org.postroad.api.DeliveryReport}: the result, with the {@link org.postroad.api.EnhancedStatus} of RFC 3463, with each
 * {@link org.postroad.api.InvalidRecipient} and each {@link org.postroad.api.MessageWarning}.
 * </ol>
 *
 * <p>Everything here is immutable and may be shared between threads. Nothing here does IO. A factory that parses text
 * throws {@link java.lang.IllegalArgumentException} with a message that names the offender and what is allowed. No
 * parameter and no result is null.
 */
@NullMarked
package org.postroad.api;

import org.jspecify.annotations.NullMarked;
