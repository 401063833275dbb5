// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

/**
 * JMX view of a queue, registered as {@code org.postroad:type=MailQueue,name=...} while the queue is open in this process. Offers the
 * operations of {@link MailQueue} with texts and numbers: domains and addresses as text, times in ISO 8601.
 */
public interface MailQueueMXBean {

    /**
     * Returns the number of messages in the queue, from all processes.
     *
     * @return 0 or more
     */
    long getMessages();

    /**
     * Returns the age of the oldest message.
     *
     * @return seconds since it was queued; 0 if the queue is empty
     */
    long getOldestSeconds();

    /**
     * Returns the number of messages that this process put into the queue since it opened it.
     *
     * @return 0 or more
     */
    long getSubmitted();

    /**
     * Returns the number of delivery attempts of this process since it opened the queue. An attempt is for one message and one domain.
     *
     * @return 0 or more
     */
    long getAttempted();

    /**
     * Returns the number of recipients to whom this process delivered since it opened the queue.
     *
     * @return 0 or more
     */
    long getDelivered();

    /**
     * Returns the number of recipients for whom delivery failed permanently in this process since it opened the queue.
     *
     * @return 0 or more
     */
    long getFailed();

    /**
     * Returns the average rate of {@link #getSubmitted} since the queue was opened.
     *
     * @return messages per minute
     */
    double getSubmittedPerMinute();

    /**
     * Returns the average rate of {@link #getDelivered} since the queue was opened.
     *
     * @return recipients per minute
     */
    double getDeliveredPerMinute();

    /**
     * Returns a page of messages, in the order in which they were queued.
     *
     * @param after the id of the last message of the previous page; an empty text for the first page
     * @param limit the maximum number of messages, 1 to {@value MailQueue#MAX_PAGE}
     * @return one text for each message, which begins with its id
     */
    String[] list(String after, int limit);

    /**
     * Returns a page of the messages with a delivery to a domain.
     *
     * @param domain the recipient domain
     * @param after the id of the last message of the previous page; an empty text for the first page
     * @param limit the maximum number of messages, 1 to {@value MailQueue#MAX_PAGE}
     * @return one text for each message, which begins with its id
     */
    String[] listDomain(String domain, String after, int limit);

    /**
     * Returns a message with its history.
     *
     * @param id the id of the message
     * @return several lines; a sentence that says so if the message is not in the queue
     */
    String show(String id);

    /**
     * Returns a page of the domains that have waiting deliveries or are paused.
     *
     * @param after the last domain of the previous page; an empty text for the first page
     * @param limit the maximum number of domains, 1 to {@value MailQueue#MAX_PAGE}
     * @return one text for each domain, which begins with the domain
     */
    String[] destinations(String after, int limit);

    /**
     * Holds a message until it is released. See {@link MailQueue#hold}.
     *
     * @param id the id of the message
     * @return the number of deliveries held
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    int hold(String id) throws InterruptedException;

    /**
     * Releases a held message. See {@link MailQueue#release}.
     *
     * @param id the id of the message
     * @return the number of deliveries released
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    int release(String id) throws InterruptedException;

    /**
     * Retries a message immediately. See {@link MailQueue#retry}.
     *
     * @param id the id of the message
     * @return the number of deliveries that are due now
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    int retry(String id) throws InterruptedException;

    /**
     * Sets a new expiry time. See {@link MailQueue#expire}.
     *
     * @param id the id of the message
     * @param at the new expiry time in ISO 8601, such as {@code 2030-01-31T12:00:00Z}
     * @return whether the message is in the queue
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    boolean expire(String id, String at) throws InterruptedException;

    /**
     * Removes a message from the queue without a notice. See {@link MailQueue#remove}.
     *
     * @param id the id of the message
     * @return the number of deliveries abandoned
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    int remove(String id) throws InterruptedException;

    /**
     * Removes a message from the queue and reports the failure as {@code mail.mx.queue.bounces} says. See {@link MailQueue#bounce}.
     *
     * @param id the id of the message
     * @return the number of deliveries abandoned
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    int bounce(String id) throws InterruptedException;

    /**
     * Stops deliveries to a domain, in all processes. See {@link MailQueue#pause}.
     *
     * @param domain the recipient domain
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    void pause(String domain) throws InterruptedException;

    /**
     * Resumes deliveries to a domain. See {@link MailQueue#resume}.
     *
     * @param domain the recipient domain
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    void resume(String domain) throws InterruptedException;

    /**
     * Retries everything immediately and waits until the queue is empty. See {@link MailQueue#drain}.
     *
     * @param seconds how long to wait
     * @return whether the queue is empty
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    boolean drain(long seconds) throws InterruptedException;

    /**
     * Returns a page of the suppressed addresses.
     *
     * @param after the last address of the previous page; an empty text for the first page
     * @param limit the maximum number of addresses, 1 to {@value MailQueue#MAX_PAGE}
     * @return one text for each address, which begins with the address
     */
    String[] suppressed(String after, int limit);

    /**
     * Refuses further mail to an address. See {@link MailQueue#suppress}.
     *
     * @param mailbox the address
     * @param reason human-readable, one line
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    void suppress(String mailbox, String reason) throws InterruptedException;

    /**
     * Accepts mail to an address again. See {@link MailQueue#unsuppress}.
     *
     * @param mailbox the address
     * @return whether it was suppressed
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    boolean unsuppress(String mailbox) throws InterruptedException;
}
