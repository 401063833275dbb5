// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.function.Function;
import org.postroad.api.EnhancedStatus;

/** Chooses the form of a message that fits a server, or says why there is none. Pure and quick. */
@FunctionalInterface
public interface ContentChoice {

    /** What to send to a server with these extensions. */
    Choice contentFor(Extensions extensions);

    /** Always this form. */
    static ContentChoice only(MessageContent content) {
        return extensions -> new Fit(content);
    }

    /** The answer. */
    sealed interface Choice {

        /** The result of the function that fits. */
        default <R> R fold(Function<Fit, R> ifFit, Function<Unfit, R> ifUnfit) {
            return this instanceof Fit fit ? ifFit.apply(fit) : ifUnfit.apply((Unfit) this);
        }
    }

    /** This form can be sent. */
    record Fit(MessageContent content) implements Choice {}

    /** No form can be sent to this server; the status says why: 5.6.3, 5.6.7. */
    record Unfit(EnhancedStatus status, String detail) implements Choice {}
}
