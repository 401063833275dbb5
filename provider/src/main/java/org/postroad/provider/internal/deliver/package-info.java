// SPDX-License-Identifier: Apache-2.0
/**
 * The delivery loop: gets the next step from {@code MxRouting}, executes it, records the result, and repeats.
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.deliver.DomainDelivery} runs one domain: DNS questions, contacts, the relay selector;
 *   <li>{@code TlsPolicyLookup} finds out what is published about TLS for an address: TLSA records through {@code DaneInquiry}, and MTA-STS
 *       policies;
 *   <li>{@code HostContact} contacts a host: it offers the message on one session after another. It tries once more if a failure may
 *       concern the session, an extension or TLS, and not the message;
 *   <li>{@code SessionSource} obtains the sessions: it waits for room in the pool,
 *       {@link org.postroad.provider.internal.deliver.ConnectionPool}, takes a kept session if there is one, or dials and has
 *       {@code SessionOpener} open a session;
 *   <li>{@code MessageOffer} offers the message on a session, in as many transactions as necessary;
 *   <li>{@code AttemptRecorder} turns the results into attempts, which {@code DomainDelivery} receives as {@code ContactEvents};
 *   <li>{@link org.postroad.provider.internal.deliver.BrokenExtensions} and
 *       {@link org.postroad.provider.internal.deliver.HybridGroupFailures} remember which servers fail on what they announce or are
 *       offered;
 *   <li>{@link org.postroad.provider.internal.deliver.AllOrNothing} holds every domain back until all are ready, for all-or-nothing
 *       delivery;
 *   <li>{@link org.postroad.provider.internal.deliver.MessageForms} provides the form of the message that a server can accept. A notice
 *       that is too large or unsuitable for a server returns less of the original message.
 * </ol>
 *
 * <p>It decides nothing: {@code route} decides the next step, and {@code ErrorPolicy} what an error means. One thread runs one domain.
 * Never here: Jakarta Mail, properties.
 */
@NullMarked
package org.postroad.provider.internal.deliver;

import org.jspecify.annotations.NullMarked;
