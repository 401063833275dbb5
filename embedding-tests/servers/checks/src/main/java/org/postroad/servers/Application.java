// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * An application that sends mail on request: {@code samples/webapp}, or one of a framework with the same parameters.
 *
 * @param address where it is
 * @param call the parameter {@code call}, if the server needs one
 */
record Application(URI address, Optional<String> call, SmallInternet internet) {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Sends through the session without a transaction, and waits until the message has arrived. */
    void send(String session, String subject) throws IOException, InterruptedException {
        assertThat(post(session, subject, Optional.empty())).isEqualTo("sent");
        internet.awaitDelivered(subject);
    }

    /** Sends through the queue in a transaction that is committed, and waits until the message has arrived. */
    void sendAndCommit(String subject) throws IOException, InterruptedException {
        assertThat(post("queue", subject, Optional.of("commit"))).isEqualTo("sent and committed");
        internet.awaitDelivered(subject);
    }

    /** Sends through the queue in a transaction that is rolled back. */
    void sendAndRollBack(String subject) throws IOException, InterruptedException {
        assertThat(post("queue", subject, Optional.of("rollback"))).isEqualTo("sent and rolled back");
    }

    private String post(String session, String subject, Optional<String> end) throws IOException, InterruptedException {
        StringBuilder query = new StringBuilder("/mail?session=" + session + "&subject=" + encoded(subject));
        SmallInternet.RECIPIENTS.forEach(recipient -> query.append("&to=").append(encoded(recipient)));
        end.ifPresent(how -> query.append("&end=").append(how));
        call.ifPresent(how -> query.append("&call=").append(how));
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + query.toString()))
                .POST(HttpRequest.BodyPublishers.noBody())
                .timeout(PATIENCE)
                .build();
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .strip();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
