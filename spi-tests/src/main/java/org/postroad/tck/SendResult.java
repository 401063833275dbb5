// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Address;
import jakarta.mail.SendFailedException;
import jakarta.mail.event.TransportEvent;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an application learns about a message that it sent.
 *
 * @param failure the exception thrown; empty if the mail for all recipients was accepted
 * @param statuses the enhanced status code for each recipient that has one
 * @param events the events that listeners receive, added as they arrive
 */
record SendResult(
        Optional<SendFailedException> failure, Map<String, String> statuses, BlockingQueue<TransportEvent> events) {

    private static final Duration EVENT_PATIENCE = Duration.ofSeconds(10);

    /** The array that lists a recipient. */
    enum Place {
        ACCEPTED,
        UNSENT,
        INVALID,
        /** In none of the three arrays, or in several. */
        UNCLEAR
    }

    SendResult {
        statuses = Map.copyOf(statuses);
    }

    /** Returns which array lists this recipient. */
    Place placeOf(String recipient) {
        if (failure.isEmpty()) {
            return Place.ACCEPTED;
        }
        SendFailedException thrown = failure.get();
        boolean sent = contains(thrown.getValidSentAddresses(), recipient);
        boolean unsent = contains(thrown.getValidUnsentAddresses(), recipient);
        boolean invalid = contains(thrown.getInvalidAddresses(), recipient);
        if (Stream.of(sent, unsent, invalid).filter(listed -> listed).count() != 1) {
            return Place.UNCLEAR;
        }
        return sent ? Place.ACCEPTED : unsent ? Place.UNSENT : Place.INVALID;
    }

    /** Returns the enhanced status code for this recipient, or a text if there is none. */
    String statusOf(String recipient) {
        return statuses.getOrDefault(recipient, "no status");
    }

    /** Waits for the next event. */
    static TransportEvent awaitEvent(BlockingQueue<TransportEvent> events) throws InterruptedException {
        return Expect.lookAt("notifyTransportListeners")
                .notNull(
                        "a TransportEvent",
                        events.poll(Tck.timeOfThisRun(EVENT_PATIENCE).toMillis(), TimeUnit.MILLISECONDS));
    }

    private static boolean contains(Address @Nullable [] addresses, String recipient) {
        return addresses != null
                && Arrays.stream(addresses)
                        .anyMatch(address ->
                                address instanceof InternetAddress internet && recipient.equals(internet.getAddress()));
    }

    @Override
    public String toString() {
        return failure.map(thrown -> thrown + "; sent " + show(thrown.getValidSentAddresses()) + ", unsent "
                        + show(thrown.getValidUnsentAddresses()) + ", invalid " + show(thrown.getInvalidAddresses()))
                .orElse("accepted for all recipients");
    }

    private static String show(Address @Nullable [] addresses) {
        return addresses == null
                ? "null"
                : Arrays.stream(addresses).map(Address::toString).collect(Collectors.joining(" ", "[", "]"));
    }
}
