// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.function.Predicate;
import org.postroad.api.Reply;

/**
 * Recognizes refusals that concern the form of a command. The command is then repeated on the same connection, at most once in each other
 * form, before a refusal counts. What a reply means is not decided in this package.
 *
 * @param ofCommand whether the command was not understood or came at the wrong time: if it was sent together with others (PIPELINING),
 *     it is repeated on its own
 * @param ofParameters whether a parameter was not understood: the command is repeated without its optional parameters
 */
public record RepetitionRules(Predicate<Reply> ofCommand, Predicate<Reply> ofParameters) {

    /** Every refusal counts immediately. */
    public static final RepetitionRules NONE = new RepetitionRules(reply -> false, reply -> false);
}
