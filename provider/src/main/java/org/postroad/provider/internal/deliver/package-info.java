// SPDX-License-Identifier: Apache-2.0
/**
 * The loop: asks {@code MxRouting} what to do, does it, records it, asks again.
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.deliver.DomainDelivery} runs one domain: DNS questions, contacts, the relay selector;
 *   <li>{@code TlsInquiry} finds out what is published about TLS for an address: TLSA records by {@code DaneInquiry}, and policies;
 *   <li>{@code Contacting} waits for room among the {@link org.postroad.provider.internal.deliver.Connections}, and gets a kept
 *       connection where there is one;
 *   <li>{@code HostContact} contacts the host, on the kept connection or on new ones to the address that answers: once more where a failure
 *       may speak of the session, of an extension or of TLS, and not of the message;
 *   <li>{@code SessionOpener} makes a session of a connection, and {@code Offer} offers the message on it;
 *   <li>{@link org.postroad.provider.internal.deliver.BrokenExtensions} remembers which servers promise more than they can;
 *   <li>{@link org.postroad.provider.internal.deliver.Agreement} holds every domain back until all are ready, where all or none
 *       are to get the message;
 *   <li>{@link org.postroad.provider.internal.deliver.MessageForms} gives each server the form of the message that it can take; of a notice, one
 *       that returns less of the message that it is about, where that is in the way.
 * </ol>
 *
 * <p>It decides nothing: what comes next is room {@code route}'s, what an error means {@code ErrorPolicy}'s. One thread runs one
 * domain. Never here: Jakarta Mail, properties.
 */
@NullMarked
package org.postroad.provider.internal.deliver;

import org.jspecify.annotations.NullMarked;
