// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Reply;

/** The server does not speak SMTP, or not to the end of its reply: the connection is broken. */
final class BadReplyException extends IOException {

    private static final long serialVersionUID = 1;

    private final transient @Nullable Reply heard;

    /** @param what the server sent, as in "the server sent ..." */
    BadReplyException(String what) {
        super("the server sent " + what);
        this.heard = null;
    }

    /**
     * The same in the midst of a reply.
     *
     * @param heard what the reply says plainly for all that
     */
    BadReplyException(String what, Optional<Reply> heard) {
        super("the server sent " + what);
        this.heard = heard.orElse(null);
    }

    /** A reply that did not come to its end. */
    BadReplyException(String message, Optional<Reply> heard, IOException cause) {
        super(message, cause);
        this.heard = heard.orElse(null);
    }

    /** What the reply says plainly, whatever its form: each line that came has a code, and they agree. */
    Optional<Reply> heard() {
        return Optional.ofNullable(heard);
    }
}
