// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.postroad.samples.benchmarks.client.Destination.Route;

/**
 * What is sent, to whom, and how it begins.
 *
 * @param route the way to the server
 * @param recipients how many, all in the domain
 * @param domain one that the destination's DNS knows
 */
public record Errand(Route route, Start start, int recipients, Letter letter, String domain) {

    static final String SENDER = "me@client.test";

    /** To {@link Destination#DOMAIN}. */
    public Errand(Route route, Start start, int recipients, Letter letter) {
        this(route, start, recipients, letter, Destination.DOMAIN);
    }

    List<String> recipientNames() {
        return IntStream.rangeClosed(1, recipients)
                .mapToObj(number -> "recipient" + number + "@" + domain)
                .toList();
    }

    /** The envelope's recipients; the header names nobody of them, so that the message is the same for any number. */
    Address[] addresses() throws MessagingException {
        return InternetAddress.parse(String.join(",", recipientNames()));
    }
}
