// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.SendFailedException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postroad.api.DeliveryReport;
import org.postroad.provider.internal.jakarta.AvailableTypes;
import org.postroad.provider.internal.jakarta.Results;
import org.postroad.provider.internal.jakarta.Results.AddressResult;
import org.postroad.provider.internal.jakarta.Results.ResultKind;

/**
 * Thrown if a recipient was not accepted; with {@code mail.mx.reportsuccess}, also if all were. The arrays hold the caller's own
 * {@code Address} objects. {@link #report()} lists for each recipient every DNS question, contact and reply. The message names each reason
 * once, with the recipients concerned.
 *
 * <p>{@link #getNextException()} leads to one exception for each failed address (with {@code mail.mx.reportsuccess}, for each address), in
 * order: an {@code SMTPAddressFailedException} or {@code SMTPAddressSucceededException} of Angus Mail if these classes are visible, else a
 * {@link SendFailedException} with the one address in its array. They are not causes, so that a log does not print all of them.
 */
public class MxSendFailedException extends SendFailedException {

    private static final long serialVersionUID = 1L;

    private final String text;
    private final transient DeliveryReport report;
    private final @Nullable String queueId;

    /** @param chained the results that get an exception in the chain */
    MxSendFailedException(String message, Results results, List<AddressResult> chained, SendResult sent) {
        super(
                message,
                null,
                results.addresses(ResultKind.VALID_SENT),
                results.addresses(ResultKind.VALID_UNSENT),
                results.addresses(ResultKind.INVALID));
        this.text = message;
        this.report = sent.report();
        this.queueId = sent.queueId().orElse(null);
        chained.forEach(result -> setNextException(AvailableTypes.smtp().toException(result)));
    }

    /**
     * Returns the result of each recipient with its reason, including recipients with a malformed address.
     *
     * @return the report; null after deserialization, because it is not serialized
     */
    public DeliveryReport report() {
        return report;
    }

    /**
     * Returns the id of the message in the queue, where it is for the recipients that the report lists as queued.
     *
     * @return empty if nothing was put into a queue
     */
    public Optional<String> queueId() {
        return Optional.ofNullable(queueId);
    }

    /**
     * Returns the result of all recipients, without the text of the next exception, which Geronimo Mail adds.
     *
     * @return several lines; the first one stands alone
     */
    @Override
    public String getMessage() {
        return text;
    }

    /**
     * Returns null, because the chained exceptions describe the same failure. As causes they would make a stack trace grow with the
     * square of the number of recipients.
     *
     * @return null
     */
    @Override
    public synchronized @Nullable Throwable getCause() {
        return null;
    }

    /**
     * Returns the class name and the message, without the chain, which repeats it.
     *
     * @return several lines
     */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // MessagingException does so, and appends the whole chain
    public String toString() {
        return getClass().getName() + ": " + getMessage();
    }
}
