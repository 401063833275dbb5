// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The result of a send, as the application sees it.
 *
 * @param facts the lines that {@link SendMain} printed
 */
record SendResult(List<String> facts) {

    SendResult {
        facts = List.copyOf(facts);
    }

    static SendResult parse(String output) {
        return new SendResult(output.lines().toList());
    }

    boolean isSent() {
        return facts.contains("SENT");
    }

    /** Returns class and message of the exception; empty if there was none. */
    String failure() {
        return String.join(" ", all("FAILED"));
    }

    List<String> validSent() {
        return all("VALID_SENT");
    }

    List<String> validUnsent() {
        return all("VALID_UNSENT");
    }

    List<String> invalid() {
        return all("INVALID");
    }

    /** Returns class and message of the chained exceptions. */
    List<String> chain() {
        return all("NEXT");
    }

    /** {@code verdict status rule remote} for that recipient; empty if the report does not contain it. */
    String about(String recipient) {
        return all("RECIPIENT").stream()
                .filter(line -> line.startsWith(recipient + " "))
                .map(line -> line.substring(recipient.length() + 1))
                .collect(Collectors.joining("\n"));
    }

    /** Returns the protection of the contacts for that domain, in order. */
    List<String> protections(String domain) {
        return all("PROTECTION").stream()
                .filter(line -> line.startsWith(domain + " "))
                .map(line -> line.substring(domain.length() + 1))
                .toList();
    }

    @Override
    public String toString() {
        return facts.stream().collect(Collectors.joining("\n"));
    }

    private List<String> all(String fact) {
        return facts.stream()
                .filter(line -> line.startsWith(fact + " "))
                .map(line -> line.substring(fact.length() + 1))
                .toList();
    }
}
