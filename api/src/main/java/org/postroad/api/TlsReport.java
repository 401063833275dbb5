// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.LocalDate;

/**
 * What a domain can be told of one day (RFC 8460).
 *
 * @param domain of the mailboxes that mail was sent to
 * @param day in UTC
 * @param id the report's own, everywhere
 * @param json what the domain is told
 */
public record TlsReport(HostName domain, LocalDate day, String id, String json) {}
