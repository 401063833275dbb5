// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.spi.MailDns;

/** DNS that may have answers already. */
public interface KeepingMailDns extends MailDns {

    /** Whether the answer is there already. It may be gone when it is asked for. */
    boolean has(HostName name, RecordType<?> type);
}
