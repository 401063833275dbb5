// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.function.Function;
import org.postroad.api.EnhancedStatus;

/** Chooses the form of a message that a server can take, or gives the reason why there is none. Pure and fast. */
@FunctionalInterface
public interface ContentChoice {

    /** Returns what to send to a server with these extensions. */
    Choice contentFor(Extensions extensions);

    /** Returns a choice that always uses this form. */
    static ContentChoice only(MessageContent content) {
        return extensions -> new Fit(content);
    }

    /** Result of the choice. */
    sealed interface Choice {

        /** Returns the result of the function that matches this type. */
        default <R> R fold(Function<Fit, R> ifFit, Function<Unsuitable, R> ifUnfit) {
            return this instanceof Fit fit ? ifFit.apply(fit) : ifUnfit.apply((Unsuitable) this);
        }
    }

    /** This form can be sent. */
    record Fit(MessageContent content) implements Choice {}

    /** No form can be sent to this server. The status gives the reason: 5.6.3, 5.6.7. */
    record Unsuitable(EnhancedStatus status, String detail) implements Choice {}
}
