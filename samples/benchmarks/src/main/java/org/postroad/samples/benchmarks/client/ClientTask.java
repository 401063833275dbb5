// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.postroad.samples.benchmarks.client.Destination.Route;

/**
 * The task of a client.
 *
 * @param route the way to the server
 * @param start whether each message needs a new connection
 * @param recipients the number of recipients, all in the domain
 * @param sample the message
 * @param domain a domain in the destination's DNS
 */
public record ClientTask(Route route, Start start, int recipients, SampleMessage sample, String domain) {

    static final String SENDER = "me@client.test";

    /** Creates a task to {@link Destination#DOMAIN}. */
    public ClientTask(Route route, Start start, int recipients, SampleMessage sample) {
        this(route, start, recipients, sample, Destination.DOMAIN);
    }

    List<String> recipientNames() {
        return IntStream.rangeClosed(1, recipients)
                .mapToObj(number -> "recipient" + number + "@" + domain)
                .toList();
    }

    /**
     * Returns the recipients of the envelope. They are not in the header, so that the message is the same for any number of
     * recipients.
     */
    Address[] addresses() throws MessagingException {
        return InternetAddress.parse(String.join(",", recipientNames()));
    }
}
