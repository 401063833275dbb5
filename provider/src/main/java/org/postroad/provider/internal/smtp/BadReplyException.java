// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Reply;

/** Signals that the server sent something other than SMTP, or an incomplete reply. The connection is unusable. */
final class BadReplyException extends IOException {

    private static final long serialVersionUID = 1;

    private final transient @Nullable Reply plainReply;

    /** @param what what the server sent, completing "the server sent ..." */
    BadReplyException(String what) {
        super("the server sent " + what);
        this.plainReply = null;
    }

    /**
     * For an error within a reply.
     *
     * @param what what the server sent, completing "the server sent ..."
     * @param plainReply the reply, if its meaning is plain in spite of the error
     */
    BadReplyException(String what, Optional<Reply> plain) {
        super("the server sent " + what);
        this.plainReply = plain.orElse(null);
    }

    /** For a reply that was not complete. */
    BadReplyException(String message, Optional<Reply> plain, IOException cause) {
        super(message, cause);
        this.plainReply = plain.orElse(null);
    }

    /** Returns the reply if its meaning is plain in spite of its form: each line received has a code, and the codes agree. */
    Optional<Reply> plainReply() {
        return Optional.ofNullable(plainReply);
    }
}
