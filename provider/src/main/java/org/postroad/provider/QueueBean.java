// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueDestination;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail;
import org.postroad.provider.internal.queue.QueueControl;

/** JMX bean of a queue. Thread-safe. */
final class QueueBean implements MailQueueMXBean {

    private static final double SECONDS_IN_A_MINUTE = 60;

    /** Maximum number of queues of the same name. */
    private static final int MAX_SAME_NAME = 1000;

    private final QueueControl control;
    private final Instant openedAt = Instant.now();

    private QueueBean(QueueControl control) {
        this.control = control;
    }

    /**
     * Registers a queue under its location, with a number if there is another one of that name, as of another application. If that fails,
     * logs a warning; the queue works without JMX.
     *
     * @return unregisters it
     */
    static Runnable register(String place, QueueControl control) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            for (int number = 1; ; number++) {
                String numbered = number == 1 ? place : place + " (" + number + ")";
                ObjectName name = new ObjectName("org.postroad:type=MailQueue,name=" + ObjectName.quote(numbered));
                try {
                    server.registerMBean(new QueueBean(control), name);
                    return () -> unregister(name);
                } catch (InstanceAlreadyExistsException taken) {
                    if (number == MAX_SAME_NAME) {
                        throw taken;
                    }
                }
            }
        } catch (JMException | RuntimeException e) {
            System.getLogger(QueueBean.class.getName())
                    .log(System.Logger.Level.WARNING, "The queue in " + place + " cannot be registered in JMX", e);
            return () -> {};
        }
    }

    private static void unregister(ObjectName name) {
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
        } catch (JMException e) {
            System.getLogger(QueueBean.class.getName())
                    .log(System.Logger.Level.WARNING, name + " cannot be unregistered from JMX", e);
        }
    }

    @Override
    public long getMessages() {
        return control.statistics().messages();
    }

    @Override
    public long getOldestSeconds() {
        return control.statistics()
                .oldest()
                .map(oldest -> Duration.between(oldest, Instant.now()).toSeconds())
                .orElse(0L);
    }

    @Override
    public long getSubmitted() {
        return control.statistics().submitted();
    }

    @Override
    public long getAttempted() {
        return control.statistics().attempted();
    }

    @Override
    public long getDelivered() {
        return control.statistics().delivered();
    }

    @Override
    public long getFailed() {
        return control.statistics().failed();
    }

    @Override
    public double getSubmittedPerMinute() {
        return perMinute(getSubmitted());
    }

    @Override
    public double getDeliveredPerMinute() {
        return perMinute(getDelivered());
    }

    private double perMinute(long count) {
        long seconds = Math.max(1, Duration.between(openedAt, Instant.now()).toSeconds());
        return count * SECONDS_IN_A_MINUTE / seconds;
    }

    @Override
    public String[] list(String after, int limit) {
        return texts(QueueFilter.ALL, after, limit);
    }

    @Override
    public String[] listDomain(String domain, String after, int limit) {
        return texts(QueueFilter.to(Domain.parse(domain)), after, limit);
    }

    private String[] texts(QueueFilter filter, String after, int limit) {
        return control.list(filter, after, limit).stream()
                .map(QueuedMail::toString)
                .toArray(String[]::new);
    }

    @Override
    public String show(String id) {
        return control.show(id).map(QueuedMail::toString).orElse("There is no message " + id + " in the queue");
    }

    @Override
    public String[] destinations(String after, int limit) {
        return control.destinations(after, limit).stream().map(QueueBean::text).toArray(String[]::new);
    }

    private static String text(QueueDestination destination) {
        Optional<String> oldest = destination.oldestDue().map(due -> ", oldest due at " + due);
        Optional<String> retry = destination.retryAt().map(at -> ", does not answer, visited again at " + at);
        return destination.domain() + ": " + destination.waiting() + " waiting" + oldest.orElse("")
                + (destination.paused() ? ", paused" : "")
                + retry.orElse("")
                + destination.report().map(report -> "\n" + report).orElse("");
    }

    @Override
    public int hold(String id) throws InterruptedException {
        return control.hold(id);
    }

    @Override
    public int release(String id) throws InterruptedException {
        return control.release(id);
    }

    @Override
    public int retry(String id) throws InterruptedException {
        return control.retry(id);
    }

    @Override
    public boolean expire(String id, String at) throws InterruptedException {
        return control.expire(id, Instant.parse(at));
    }

    @Override
    public int remove(String id) throws InterruptedException {
        return control.remove(id);
    }

    @Override
    public int bounce(String id) throws InterruptedException {
        return control.bounce(id);
    }

    @Override
    public void pause(String domain) throws InterruptedException {
        control.pause(Domain.parse(domain));
    }

    @Override
    public void resume(String domain) throws InterruptedException {
        control.resume(Domain.parse(domain));
    }

    @Override
    public boolean drain(long seconds) throws InterruptedException {
        return control.drain(Duration.ofSeconds(seconds));
    }

    @Override
    public String[] suppressed(String after, int limit) {
        return control.suppressed(after, limit).stream()
                .map(address -> address.mailbox() + " since " + address.since() + ": " + address.reason())
                .toArray(String[]::new);
    }

    @Override
    public void suppress(String mailbox, String reason) throws InterruptedException {
        control.suppress(Mailbox.parse(mailbox), reason);
    }

    @Override
    public boolean unsuppress(String mailbox) throws InterruptedException {
        return control.unsuppress(Mailbox.parse(mailbox));
    }
}
