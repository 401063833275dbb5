// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.function.Function;

/** What came of opening a session. */
public sealed interface Opening {

    /** The server said hello. The session is the caller's to close. */
    record Opened(SmtpSession session) implements Opening {}

    /** It did not; the socket is closed. */
    record NotOpened(SmtpFailure failure) implements Opening {}

    /** The result of the function that fits. */
    default <R> R fold(Function<Opened, R> ifOpened, Function<NotOpened, R> ifNotOpened) {
        return this instanceof Opened opened ? ifOpened.apply(opened) : ifNotOpened.apply((NotOpened) this);
    }
}
