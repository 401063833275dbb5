// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.function.Function;

/** Result of STARTTLS, by the stage that decided it. */
public sealed interface StartTlsResult {

    /** TLS is established, and the server accepted EHLO after it. */
    record Secured() implements StartTlsResult {}

    /** The server refused STARTTLS. The session continues in plaintext. */
    record Refused(SmtpFailure failure) implements StartTlsResult {}

    /** The connection was lost at STARTTLS or in the handshake. It is closed. */
    record Lost(SmtpFailure failure) implements StartTlsResult {}

    /**
     * TLS was established, but the server refused EHLO and HELO after it, or the connection was lost there (TRY-10). The session is
     * unusable.
     */
    record HelloFailed(SmtpFailure failure) implements StartTlsResult {}

    /** Returns the result of the function that matches this type. */
    default <R> R fold(
            Function<Secured, R> ifSecured,
            Function<Refused, R> ifRefused,
            Function<Lost, R> ifLost,
            Function<HelloFailed, R> ifHelloFailed) {
        if (this instanceof Secured secured) {
            return ifSecured.apply(secured);
        } else if (this instanceof Refused refused) {
            return ifRefused.apply(refused);
        } else if (this instanceof Lost lost) {
            return ifLost.apply(lost);
        }
        return ifHelloFailed.apply((HelloFailed) this);
    }
}
