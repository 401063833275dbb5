// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.util.Optional;
import org.postroad.api.Attempt;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;
import org.postroad.api.TlsFailure;

/** Receives the progress of a contact with a host. */
interface ContactEvents {

    /** Called before an address is dialled; further addresses of the host may be dialled at the same time. */
    void connecting(RemoteMta remote);

    /** Called with the result of one attempt. */
    void attempted(Attempt attempt);

    /**
     * Called with the TLS result of each session that may have used STARTTLS.
     *
     * @param source the local address of the connection
     * @param failure present even if the mail is sent nevertheless
     */
    void tlsConcluded(RemoteMta remote, IpAddress source, Optional<TlsFailure> failure);
}
