// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import javax.management.ObjectName;
import javax.management.openmbean.SimpleType;
import org.postroad.api.BounceClass;
import org.postroad.api.Deadline;
import org.postroad.api.Domain;
import org.postroad.api.HistoryFilter;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail.State;
import org.postroad.provider.internal.config.QueueReader;
import org.postroad.provider.internal.management.BeanRegistration;
import org.postroad.provider.internal.management.OpenBean;
import org.postroad.provider.internal.management.OpenBean.Arguments;
import org.postroad.provider.internal.management.OpenBean.Parameter;
import org.postroad.provider.internal.management.SharedReading;
import org.postroad.provider.internal.queue.QueueControl;
import org.postroad.provider.internal.queue.QueueCounters;
import org.postroad.provider.internal.queue.store.QueueSummary;

/** The JMX bean of a queue: its attributes and operations, in words. Thread-safe. */
final class QueueBean {

    /** The type in the ObjectName. */
    static final String TYPE = "MailQueue";

    private static final Parameter ID = Parameter.text("id", "The id of the message");
    private static final Parameter DOMAIN = Parameter.text("domain", "The recipient domain");
    private static final Parameter MAILBOX = Parameter.text("mailbox", "The address, such as user@example.org");
    private static final Parameter LIMIT =
            Parameter.number("limit", "The maximum number of rows, 1 to " + MailQueue.MAX_PAGE);
    private static final Parameter AFTER =
            Parameter.text("after", "The key of the last row of the previous page; empty for the first page");

    private final QueueControl control;
    private final SharedReading<QueueSummary> summary;

    private QueueBean(QueueControl control) {
        this.control = control;
        this.summary = new SharedReading<>(control::summary, Deadline.MONOTONIC);
    }

    /**
     * Registers a queue under its configured name, or its location. If that name is taken, appends a number; that is logged if the name was
     * configured, because it cannot tell the queues apart then. If registration fails, logs a warning; the queue works without JMX.
     *
     * @return unregisters it
     */
    static Runnable register(String place, Properties properties, QueueControl control) {
        Optional<String> configured = QueueReader.name(properties);
        String wanted = configured.orElse(place);
        Optional<ObjectName> registered = BeanRegistration.register(TYPE, wanted, describe(control));
        registered
                .filter(name -> configured.isPresent() && !wanted.equals(name.getKeyProperty("name")))
                .ifPresent(name -> System.getLogger(QueueBean.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "The queue in " + place + " is registered in JMX as " + name
                                        + ", because another open queue in this JVM has the name " + wanted
                                        + " as well; give each its own mail.mx.queue.name"));
        return () -> registered.ifPresent(BeanRegistration::unregister);
    }

    /** {@return the bean of a queue} */
    static OpenBean describe(QueueControl control) {
        OpenBean.Builder bean = OpenBean.named(
                "org.postroad.MailQueue",
                "A queue of the protocol mxqueue. Counters are those of this process since it opened the queue, and never decrease."
                        + " The other figures are about the queue in the database, whatever process put the mail there; they are read"
                        + " at most every 5 seconds. Ages are in seconds");
        new QueueBean(control).describe(bean);
        return bean.build();
    }

    private void describe(OpenBean.Builder bean) {
        figures(bean);
        counters(bean);
        listings(bean);
        messages(bean);
        destinations(bean);
    }

    private void figures(OpenBean.Builder bean) {
        bean.number("Messages", "Messages in the queue", () -> summary.get().messages())
                .number(
                        "OldestSeconds",
                        "Seconds since the oldest message was queued; 0 if the queue is empty",
                        () -> age(summary.get().oldest()))
                .number(
                        "OverdueSeconds",
                        "Seconds since the earliest waiting delivery was due; 0 if none is due. More than a few minutes: deliveries are"
                                + " slower than the mail, or a domain is paused or does not answer",
                        () -> age(summary.get().earliestDue()))
                .number(
                        "WaitingDeliveries",
                        "Deliveries (one message to one domain) that wait until they are due",
                        () -> deliveries(State.OPEN))
                .number("DeliveriesInProgress", "Deliveries that are being attempted", () -> deliveries(State.TRYING))
                .number(
                        "HeldDeliveries",
                        "Deliveries that wait for an operator: held by hand, in doubt or damaged",
                        () -> deliveries(State.HELD))
                .number("ScheduledDeliveries", "Deliveries that are to be sent later", () -> deliveries(State.FUTURE))
                .number(
                        "PausedDestinations",
                        "Domains that an operator has paused",
                        () -> summary.get().paused())
                .number(
                        "SilentDestinations",
                        "Domains that did not answer and are not tried at present",
                        () -> summary.get().backingOff())
                .table(
                        "BiggestDestinations",
                        "The " + QueueSummary.MAX_DOMAINS + " domains with the most deliveries",
                        QueueTables.BIGGEST,
                        () -> summary.get().biggest());
    }

    private long deliveries(State state) {
        return summary.get().deliveries().getOrDefault(state, 0L);
    }

    private static long age(Optional<Instant> since) {
        return since.map(moment ->
                        Math.max(0, Duration.between(moment, Instant.now()).toSeconds()))
                .orElse(0L);
    }

    private void counters(OpenBean.Builder bean) {
        QueueCounters counters = control.counters();
        bean.number(
                        "Submitted",
                        "Counter: messages that this process put into the queue, also in transactions that were rolled back",
                        counters::messagesSubmitted)
                .number(
                        "Attempted",
                        "Counter: delivery attempts, each of one message to one domain",
                        counters::deliveriesAttempted)
                .number(
                        "Delivered",
                        "Counter: recipients whose mail a server accepted (status 2.x.x)",
                        counters::recipientsDelivered)
                .number(
                        "Deferred",
                        "Counter: results of attempts after which a recipient waits for the next one (status 4.x.x)",
                        counters::recipientsDeferred)
                .number(
                        "InDoubt",
                        "Counter: those of Deferred that may have been delivered, because the connection broke before the reply",
                        counters::recipientsInDoubt)
                .number(
                        "Failed",
                        "Counter: recipients given up, which bounce: after a permanent failure (status 5.x.x) or because they expired",
                        counters::recipientsFailed)
                .number(
                        "Expired",
                        "Counter: those of Failed that were given up because the lifetime of the message ended",
                        counters::recipientsExpired)
                .number(
                        "DoubleBounced",
                        "Counter: those of Failed whose message has the null sender, as notices have",
                        counters::recipientsDoubleBounced)
                .number(
                        "Held",
                        "Counter: deliveries that the queue held, in doubt or damaged",
                        counters::deliveriesHeld)
                .table(
                        "BounceClasses",
                        "Counters by the reason why mail was not delivered; every class has a row from the start",
                        QueueTables.BOUNCE_CLASSES,
                        () -> List.of(BounceClass.values()).stream()
                                .map(counters::ofClass)
                                .toList());
    }

    private void listings(OpenBean.Builder bean) {
        bean.listing(
                        "list",
                        "Lists messages in the order in which they were queued",
                        QueueTables.MESSAGES,
                        in -> control.list(QueueFilter.ALL, in.text(0), in.number(1)),
                        AFTER,
                        LIMIT)
                .listing(
                        "listDomain",
                        "Lists the messages with a delivery to a domain",
                        QueueTables.MESSAGES,
                        in -> control.list(QueueFilter.to(domain(in)), in.text(1), in.number(2)),
                        DOMAIN,
                        AFTER,
                        LIMIT)
                .listing(
                        "show",
                        "Shows a message in the queue with its attempts",
                        QueueTables.MESSAGES,
                        in -> control.show(in.text(0)).stream().toList(),
                        ID)
                .listing(
                        "destinations",
                        "Lists the domains that have deliveries, are paused or do not answer",
                        QueueTables.DESTINATIONS,
                        in -> control.destinations(in.text(0), in.number(1)),
                        AFTER,
                        LIMIT)
                .listing(
                        "history",
                        "Lists what became of messages, the latest ones first, also of those that have left the queue. Empty criteria select"
                                + " everything",
                        QueueTables.HISTORY,
                        in -> control.history(filter(in), in.text(8), in.number(9)),
                        Parameter.text("messageId", "The Message-ID field"),
                        Parameter.text("sender", "The reverse-path, such as user@example.org"),
                        Parameter.text("recipient", "A recipient, such as user@example.org"),
                        Parameter.text("domain", "The domain of a recipient"),
                        Parameter.text(
                                "fate",
                                "What became of a recipient: WAITING, DEFERRED, IN_DOUBT, DELIVERED, FAILED, EXPIRED or REMOVED"),
                        Parameter.text("reason", "A part of the reason"),
                        Parameter.text("since", "Queued at this time or later, such as 2030-01-31T12:00:00Z"),
                        Parameter.text("before", "Queued before this time"),
                        AFTER,
                        LIMIT)
                .listing(
                        "historyOf",
                        "Shows what became of a message, whether or not it is in the queue",
                        QueueTables.HISTORY,
                        in -> control.history(in.text(0)).stream().toList(),
                        ID)
                .listing(
                        "suppressed",
                        "Lists the addresses to which mail is refused",
                        QueueTables.SUPPRESSED,
                        in -> control.suppressed(in.text(0), in.number(1)),
                        AFTER,
                        LIMIT);
    }

    private static HistoryFilter filter(Arguments in) {
        return HistoryCriteria.of(in::text);
    }

    private void messages(OpenBean.Builder bean) {
        bean.action(
                        "hold",
                        "Holds a message until it is released. Returns the number of deliveries held",
                        SimpleType.INTEGER,
                        in -> control.hold(in.text(0)),
                        ID)
                .action(
                        "release",
                        "Releases a held message. Returns the number of deliveries released",
                        SimpleType.INTEGER,
                        in -> control.release(in.text(0)),
                        ID)
                .action(
                        "retry",
                        "Retries a message immediately. Returns the number of deliveries that are due now",
                        SimpleType.INTEGER,
                        in -> control.retry(in.text(0)),
                        ID)
                .action(
                        "expire",
                        "Sets a new expiry time; one last attempt is made after it. Returns whether the message is in the queue",
                        SimpleType.BOOLEAN,
                        in -> control.expire(in.text(0), HistoryCriteria.time(in.text(1))),
                        ID,
                        Parameter.text("at", "The new expiry time, such as 2030-01-31T12:00:00Z"))
                .action(
                        "remove",
                        "Removes a message without a notice. Returns the number of deliveries abandoned",
                        SimpleType.INTEGER,
                        in -> control.remove(in.text(0)),
                        ID)
                .action(
                        "bounce",
                        "Gives up a message and reports that as mail.mx.queue.bounces says. Returns the number of deliveries abandoned",
                        SimpleType.INTEGER,
                        in -> control.bounce(in.text(0)),
                        ID)
                .action(
                        "drain",
                        "Retries everything immediately and waits until the queue is empty. Returns whether it is",
                        SimpleType.BOOLEAN,
                        in -> control.drain(Duration.ofSeconds(in.number(0))),
                        Parameter.number("seconds", "How long to wait"));
    }

    private void destinations(OpenBean.Builder bean) {
        bean.change("pause", "Stops deliveries to a domain, in all processes", in -> control.pause(domain(in)), DOMAIN)
                .change("resume", "Resumes deliveries to a domain", in -> control.resume(domain(in)), DOMAIN)
                .change(
                        "suppress",
                        "Refuses further mail to an address, if mail.mx.queue.suppress is true",
                        in -> control.suppress(Mailbox.parse(in.text(0)), in.text(1)),
                        MAILBOX,
                        Parameter.text("reason", "Why, in one line"))
                .action(
                        "unsuppress",
                        "Accepts mail to an address again. Returns whether it was suppressed",
                        SimpleType.BOOLEAN,
                        in -> control.unsuppress(Mailbox.parse(in.text(0))),
                        MAILBOX);
    }

    private static Domain domain(Arguments in) {
        return Domain.parse(in.text(0));
    }
}
