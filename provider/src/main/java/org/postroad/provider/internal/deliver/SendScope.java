// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import org.postroad.api.Deadline;

/**
 * What the deliveries of one send to all its domains share.
 *
 * @param mail what is sent
 * @param allOrNothing the agreement among the domains
 * @param deadline for the whole send
 */
public record SendScope(MailObject mail, AllOrNothing allOrNothing, Deadline deadline) {}
