// SPDX-License-Identifier: Apache-2.0
/**
 * Observations of sends (Micrometer): {@link org.postroad.provider.internal.observation.ObservedSend} makes them from the events of one
 * send, {@link org.postroad.provider.internal.observation.ObservationKeys} has their names and keys. Read only where an application makes an
 * {@link org.postroad.provider.ObservationListener}, because Micrometer is optional. Sees only the API and Micrometer.
 *
 * <p>Never here: scopes. Events come on threads of the transport, on which no observation is left behind.
 */
@NullMarked
package org.postroad.provider.internal.observation;

import org.jspecify.annotations.NullMarked;
