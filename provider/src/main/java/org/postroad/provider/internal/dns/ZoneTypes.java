// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import org.postroad.api.DnsName;
import org.postroad.api.RecordType;

/** Record types about zones. Mail needs none of them, so they are not among those that every {@code MailDns} must answer. */
public final class ZoneTypes {

    /** The name servers of a zone (RFC 1035 §3.3.11). */
    public static final RecordType<DnsName> NS = new RecordType<>("NS", 2, DnsName.class);

    private ZoneTypes() {}
}
