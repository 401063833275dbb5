// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * What one contact meant for one recipient.
 *
 * @param recipient whose mail it was
 * @param stage where it was decided
 * @param outcome what was decided
 */
public record RecipientOutcome(Mailbox recipient, Stage stage, Outcome outcome) {}
