// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import org.postroad.api.Mailbox;

/**
 * Who reports.
 *
 * @param organization {@code mail.mx.tlsrpt.organization}: its name, for people
 * @param contact {@code mail.mx.tlsrpt.contact}: who answers questions; its domain is that of the submitter
 */
public record Reporter(String organization, Mailbox contact) {}
