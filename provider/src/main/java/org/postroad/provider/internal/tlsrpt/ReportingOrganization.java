// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import org.postroad.api.Mailbox;

/**
 * The reporting organization.
 *
 * @param organization {@code mail.mx.tlsrpt.organization}: human-readable name
 * @param contact {@code mail.mx.tlsrpt.contact}: the mailbox for questions; its domain is that of the submitter
 */
public record ReportingOrganization(String organization, Mailbox contact) {}
