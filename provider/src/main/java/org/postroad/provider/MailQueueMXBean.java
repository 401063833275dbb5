// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

/**
 * A queue in JMX, as {@code org.postroad:type=MailQueue,name=...}, as long as it is open in this process. The same as
 * {@link MailQueue}, in texts and numbers. Domains and addresses are given as text, moments in ISO 8601.
 */
public interface MailQueueMXBean {

    /** Messages in the queue, of all processes. */
    long getMessages();

    /** Seconds since the oldest of them was queued; 0 where there is none. */
    long getOldestSeconds();

    /** Messages that were put in since the queue was opened, in this process. */
    long getSubmitted();

    /** Deliveries that were tried since then: one message to one domain each. */
    long getTried();

    /** Recipients whose mail was accepted since then. */
    long getDelivered();

    /** Recipients who were given up since then. */
    long getFailed();

    /** Messages in a minute that were put in, averaged since the queue was opened. */
    double getSubmittedPerMinute();

    /** Recipients in a minute whose mail was accepted, averaged since the queue was opened. */
    double getDeliveredPerMinute();

    /**
     * A page of messages, one text each; the first page begins behind the empty text, each further one behind the name that the
     * last text begins with.
     */
    String[] list(String after, int limit);

    /** The same of those to a domain. */
    String[] listDomain(String domain, String after, int limit);

    /** A message with its history. */
    String show(String id);

    /** A page of the domains to which something waits, or which are paused, one text each, which begins with the domain. */
    String[] destinations(String after, int limit);

    /** See {@link MailQueue#hold}. */
    int hold(String id) throws InterruptedException;

    /** See {@link MailQueue#release}. */
    int release(String id) throws InterruptedException;

    /** See {@link MailQueue#retry}. */
    int retry(String id) throws InterruptedException;

    /** See {@link MailQueue#expire}. */
    boolean expire(String id, String at) throws InterruptedException;

    /** See {@link MailQueue#drop}. */
    int drop(String id, boolean tell) throws InterruptedException;

    /** See {@link MailQueue#pause}. */
    void pause(String domain) throws InterruptedException;

    /** See {@link MailQueue#resume}. */
    void resume(String domain) throws InterruptedException;

    /** See {@link MailQueue#drain}. */
    boolean drain(long seconds) throws InterruptedException;

    /** A page of the suppressed addresses, one text each, which begins with the address. */
    String[] suppressed(String after, int limit);

    /** See {@link MailQueue#suppress}. */
    void suppress(String mailbox, String reason) throws InterruptedException;

    /** See {@link MailQueue#unsuppress}. */
    boolean unsuppress(String mailbox) throws InterruptedException;
}
