// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.LocalDate;

/**
 * The TLS report to a domain about one day (RFC 8460).
 *
 * @param domain the domain of the recipients' mailboxes
 * @param day in UTC
 * @param id globally unique
 * @param json the text of the report
 */
public record TlsReport(HostName domain, LocalDate day, String id, String json) {}
