// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.spi.MailDns;

/** A {@link MailDns} that may have answers in a cache. */
public interface CachedMailDns extends MailDns {

    /** Returns whether the answer is in the cache now. It may have expired before the next query. */
    boolean has(HostName name, RecordType<?> type);
}
