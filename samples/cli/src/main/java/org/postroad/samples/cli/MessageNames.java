// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.postroad.api.HistoryFilter;
import org.postroad.api.MailHistory;
import org.postroad.api.Printable;
import org.postroad.provider.MailQueue;

/** Finds messages by what the command line calls them: an id of the queue, or a Message-ID in angle brackets. */
final class MessageNames {

    private static final int MOST = 100;

    private final MailQueue queue;

    MessageNames(MailQueue queue) {
        this.queue = queue;
    }

    /**
     * Returns the id of a message that is in the queue.
     *
     * @throws CliException if it is not in the queue, or a Message-ID has several messages
     */
    String inQueue(String name) {
        String id = isMessageId(name) ? idOf(name) : name;
        if (queue.show(id).isEmpty()) {
            throw queue.history(id).isEmpty() ? unknown(name) : gone(name, id);
        }
        return id;
    }

    /** Returns the ids of messages that are in the queue; all of them are checked before something is changed. */
    List<String> inQueue(List<String> names) {
        return names.stream().map(this::inQueue).distinct().toList();
    }

    private String idOf(String messageId) {
        List<String> known = knownAs(messageId);
        if (known.size() == 1) {
            return known.get(0);
        }
        List<String> queued =
                known.stream().filter(id -> queue.show(id).isPresent()).toList();
        if (queued.size() == 1) {
            return queued.get(0);
        } else if (known.isEmpty()) {
            throw unknown(messageId);
        } else if (queued.isEmpty()) {
            throw gone(messageId, known.get(0));
        }
        throw ambiguous(messageId, queued);
    }

    /**
     * Returns the history of a message, which may be in the queue.
     *
     * @throws CliException if there is none, or a Message-ID has several messages
     */
    MailHistory history(String name) {
        List<String> known = isMessageId(name) ? knownAs(name) : List.of(name);
        if (known.size() > 1) {
            throw ambiguous(name, known);
        }
        return known.stream()
                .flatMap(id -> queue.history(id).stream())
                .findFirst()
                .orElseThrow(() -> new CliException(
                        ExitCode.PERMANENT,
                        "The history has no message " + Printable.quote(name)
                                + "; it may have ended longer ago than mail.mx.queue.keep"));
    }

    private List<String> knownAs(String messageId) {
        try {
            return queue.history(HistoryFilter.ALL.withMessageId(messageId), "", MOST).stream()
                    .map(MailHistory::id)
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    static boolean isMessageId(String name) {
        return name.startsWith("<");
    }

    private static CliException unknown(String name) {
        return new CliException(
                ExitCode.PERMANENT,
                "No message " + Printable.quote(name)
                        + " is in the queue; an id is in the output of queue list, and a Message-ID is in <>");
    }

    private static CliException gone(String name, String id) {
        return new CliException(
                ExitCode.PERMANENT,
                "The message " + Printable.quote(name) + " has left the queue: postroad queue history " + id
                        + " says what became of it");
    }

    private static CliException ambiguous(String messageId, List<String> ids) {
        return new CliException(
                ExitCode.USAGE,
                "The Message-ID " + Printable.quote(messageId) + " is that of " + ids.size()
                        + (ids.size() == MOST ? " or more" : "") + " messages; give the id of one: "
                        + ids.stream().limit(10).collect(Collectors.joining(" ")));
    }
}
