// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.util.List;

/**
 * Who validates DNSSEC, as known without a query. Servers are named by address and port.
 *
 * @param local whether answers are validated here, with trust anchors
 * @param trusted the servers whose AD bit counts
 * @param unproved the servers that must show that they validate, and have not yet
 * @param untrusted the other servers
 * @param problem why there are no servers, or why these are used; empty if there is no problem
 */
public record ValidationState(
        boolean local, List<String> trusted, List<String> unproved, List<String> untrusted, String problem) {}
