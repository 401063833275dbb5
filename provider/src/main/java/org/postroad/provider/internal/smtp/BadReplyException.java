// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Reply;

/** Signals that the server sent something other than SMTP, or an incomplete reply. The connection is unusable. */
final class BadReplyException extends IOException {

    private static final long serialVersionUID = 1;

    private final transient @Nullable Reply heard;

    /** @param what what the server sent, completing "the server sent ..." */
    BadReplyException(String what) {
        super("the server sent " + what);
        this.heard = null;
    }

    /**
     * For an error within a reply.
     *
     * @param what what the server sent, completing "the server sent ..."
     * @param heard the reply, if its meaning is plain in spite of the error
     */
    BadReplyException(String what, Optional<Reply> heard) {
        super("the server sent " + what);
        this.heard = heard.orElse(null);
    }

    /** For a reply that was not complete. */
    BadReplyException(String message, Optional<Reply> heard, IOException cause) {
        super(message, cause);
        this.heard = heard.orElse(null);
    }

    /** Returns the reply if its meaning is plain in spite of its form: each line received has a code, and the codes agree. */
    Optional<Reply> heard() {
        return Optional.ofNullable(heard);
    }
}
