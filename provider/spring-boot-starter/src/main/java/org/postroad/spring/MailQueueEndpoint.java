// SPDX-License-Identifier: Apache-2.0
package org.postroad.spring;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postroad.api.QueueDestination;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueueStatistics;
import org.postroad.api.QueuedMail;
import org.postroad.provider.MailQueue;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Shows the queue: its statistics, the first destinations and messages, and one message with its history. The values are texts, numbers, lists
 * and maps, which every JSON library writes in the same way. Changes nothing: {@code MailQueue} and JMX do.
 */
@Endpoint(id = "mailqueue")
public class MailQueueEndpoint {

    /** Maximum number of entries in a list. */
    static final int MAX_LISTED = 100;

    private final MailQueue queue;

    MailQueueEndpoint(MailQueue queue) {
        this.queue = queue;
    }

    /**
     * Returns the statistics of the queue.
     *
     * @return by name
     */
    static Map<String, Object> statistics(MailQueue queue) {
        QueueStatistics statistics = queue.statistics();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("messages", statistics.messages());
        put(map, "oldest", statistics.oldest().map(Instant::toString));
        map.put("submitted", statistics.submitted());
        map.put("attempted", statistics.attempted());
        map.put("delivered", statistics.delivered());
        map.put("failed", statistics.failed());
        return map;
    }

    /**
     * Returns the statistics, the first destinations and the first messages.
     *
     * @return {@code statistics}, {@code destinations} and {@code messages}
     */
    @ReadOperation
    public Map<String, Object> overview() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("statistics", statistics(queue));
        map.put(
                "destinations",
                queue.destinations("", MAX_LISTED).stream()
                        .map(MailQueueEndpoint::destination)
                        .toList());
        map.put(
                "messages",
                queue.list(QueueFilter.ALL, "", MAX_LISTED).stream()
                        .map(MailQueueEndpoint::message)
                        .toList());
        return map;
    }

    /**
     * Returns a message with its history.
     *
     * @param id the id of the message
     * @return null, which is the status 404, if it is not, or no longer, in the queue
     */
    @ReadOperation
    public @Nullable Map<String, Object> show(@Selector String id) {
        return queue.show(id).map(MailQueueEndpoint::message).orElse(null);
    }

    private static Map<String, Object> destination(QueueDestination destination) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("domain", destination.domain().toString());
        map.put("waiting", destination.waiting());
        map.put("paused", destination.paused());
        put(map, "oldestDue", destination.oldestDue().map(Instant::toString));
        put(map, "retryAt", destination.retryAt().map(Instant::toString));
        put(map, "report", destination.report());
        return map;
    }

    private static Map<String, Object> message(QueuedMail mail) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", mail.id());
        map.put("queuedAt", mail.queuedAt().toString());
        map.put("expiresAt", mail.expiresAt().toString());
        put(map, "sender", mail.sender().map(Object::toString));
        put(map, "messageId", mail.messageId());
        put(map, "subject", mail.subject());
        map.put("size", mail.size());
        put(map, "damage", mail.damage());
        map.put(
                "deliveries",
                mail.deliveries().stream().map(MailQueueEndpoint::delivery).toList());
        return map;
    }

    private static Map<String, Object> delivery(QueuedMail.Delivery delivery) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("domain", delivery.domain().toString());
        map.put("state", delivery.state().toString());
        map.put("dueAt", delivery.dueAt().toString());
        map.put("attempts", delivery.attempts());
        map.put("inDoubt", delivery.inDoubt());
        map.put(
                "recipients",
                delivery.recipients().stream().map(Object::toString).toList());
        List<Map<String, String>> history = delivery.history().stream()
                .map(attempt -> Map.of("startedAt", attempt.startedAt().toString(), "report", attempt.report()))
                .toList();
        map.put("history", history);
        return map;
    }

    private static void put(Map<String, Object> map, String key, Optional<String> value) {
        value.ifPresent(present -> map.put(key, present));
    }
}
