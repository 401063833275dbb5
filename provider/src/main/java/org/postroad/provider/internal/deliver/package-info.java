// SPDX-License-Identifier: Apache-2.0
/**
 * The delivery loop: gets the next step from {@code MxRouting}, executes it, records the result, and repeats.
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.deliver.DomainDelivery} runs one domain: DNS questions, contacts, the relay selector;
 *   <li>{@code TlsPolicyLookup} finds out what is published about TLS for an address: TLSA records through {@code DaneInquiry}, and MTA-STS
 *       policies;
 *   <li>{@code Contacting} waits for room in the pool, {@link org.postroad.provider.internal.deliver.ConnectionPool}, and gets a kept
 *       connection if there is one;
 *   <li>{@code HostContact} contacts the host, on the kept connection or on new ones to the address that answers. It tries once more if a
 *       failure may concern the session, an extension or TLS, and not the message;
 *   <li>{@code SessionOpener} opens a session on a connection, and {@code MessageOffer} offers the message on it;
 *   <li>{@link org.postroad.provider.internal.deliver.BrokenExtensions} remembers which servers announce extensions that do not work;
 *   <li>{@link org.postroad.provider.internal.deliver.AllOrNothing} holds every domain back until all are ready, for all-or-nothing delivery;
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
