// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.function.Function;

/** Result of opening a session. */
public sealed interface Opening {

    /** The server accepted EHLO or HELO. The caller must close the session. */
    record Opened(SmtpSession session) implements Opening {}

    /** Opening failed. The socket is closed. */
    record NotOpened(SmtpFailure failure) implements Opening {}

    /** Returns the result of the function that matches this type. */
    default <R> R fold(Function<Opened, R> ifOpened, Function<NotOpened, R> ifNotOpened) {
        return this instanceof Opened opened ? ifOpened.apply(opened) : ifNotOpened.apply((NotOpened) this);
    }
}
