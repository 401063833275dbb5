// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.function.Predicate;
import org.postroad.api.Reply;

/**
 * Which refusals speak of the way in which a command was said, so that it is said once more in another way, on the same connection, before
 * the refusal is anybody's verdict. What a reply means is not decided in this room.
 *
 * @param ofCommand the command was not understood, or came at a wrong time: where it went with others (PIPELINING), it is said on its own
 * @param ofParameters a parameter was not: the command is said without those that can be left out
 */
public record Repetition(Predicate<Reply> ofCommand, Predicate<Reply> ofParameters) {

    /** Every refusal stands. */
    public static final Repetition NONE = new Repetition(reply -> false, reply -> false);
}
