// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.CredentialsSource;
import org.postroad.api.Deadline;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.Host;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.Relay;
import org.postroad.api.RemoteMta;
import org.postroad.spi.Connector;
import org.postroad.spi.RelaySelector;

/** The reference transport's contacts, and its use of external relays: RELAY. */
abstract class ReferenceRelays extends ReferenceAddresses {

    private static final Duration DIAL_PATIENCE = Duration.ofSeconds(10);

    ReferenceRelays(Session session) {
        super(session);
    }

    /** The progress of the delivery to one domain. */
    static final class Delivery {

        private final String domain;
        private final Mail mail;
        private final Map<String, ReferenceOutcome> done = new HashMap<>();
        private final Map<String, List<ReferenceOutcome>> open = new LinkedHashMap<>();

        Delivery(String domain, Mail mail, List<String> recipients) {
            this.domain = domain;
            this.mail = mail;
            recipients.forEach(recipient -> open.put(recipient, new ArrayList<>()));
        }

        String domain() {
            return domain;
        }

        Mail mail() {
            return mail;
        }

        /** TRY-06: returns the pending recipients. */
        List<String> open() {
            return List.copyOf(open.keySet());
        }

        /** Returns the results of this recipient so far. */
        List<ReferenceOutcome> history(String recipient) {
            return open.getOrDefault(recipient, List.of());
        }

        void note(String recipient, ReferenceOutcome outcome) {
            if (outcome.isFinal()) {
                open.remove(recipient);
                done.put(recipient, outcome);
            } else {
                open.getOrDefault(recipient, new ArrayList<>()).add(outcome);
            }
        }

        void conclude(String recipient, ReferenceOutcome outcome) {
            open.remove(recipient);
            done.put(recipient, outcome);
        }

        void concludeAll(String status, String text) {
            open().forEach(recipient -> conclude(recipient, ReferenceOutcome.concluded(status, text)));
        }

        boolean isTried() {
            return open.values().stream().anyMatch(history -> !history.isEmpty());
        }

        boolean isSoft() {
            return open.values().stream().anyMatch(history -> history.stream().anyMatch(ReferenceOutcome::isSoft));
        }

        Map<String, ReferenceOutcome> outcomes() {
            return Map.copyOf(done);
        }
    }

    /** Contacts one address and offers it the pending recipients. Returns whether there was a connection. */
    protected boolean attempt(Delivery delivery, Host host, IpAddress address, int port, Optional<Relay> relay) {
        RemoteMta.Role role = relay.isPresent() ? RemoteMta.Role.RELAY : RemoteMta.Role.MAIL_EXCHANGER;
        RemoteMta remote = new RemoteMta(role, host, address, port);
        try {
            List<String> due = delivery.open();
            while (!due.isEmpty()) {
                due = contact(delivery, remote, relay, due);
            }
            return true;
        } catch (IOException e) {
            ReferenceOutcome outcome = whenNobodyAnswers(remote, e);
            delivery.open().forEach(recipient -> delivery.note(recipient, outcome));
            return false;
        }
    }

    /**
     * Uses one connection. Returns the recipients that must be offered on another one to the same address: TRY-09, TRY-11,
     * TLS-02.
     */
    private List<String> contact(Delivery delivery, RemoteMta remote, Optional<Relay> relay, List<String> recipients)
            throws IOException {
        ReferenceConnection connection = dial(remote);
        Map<String, ReferenceOutcome> outcomes =
                converse(connection, remote.host().toString(), relay, delivery.mail(), recipients);
        outcomes.forEach(delivery::note);
        return recipients.stream()
                .filter(recipient -> !outcomes.containsKey(recipient))
                .toList();
    }

    protected ReferenceConnection dial(RemoteMta remote) throws IOException {
        if (!(session.getProperties().get("mail.mx.connector") instanceof Connector connector)) {
            throw new IllegalStateException("mail.mx.connector is missing");
        }
        return connection(
                connector.connect(new Connector.Dial(remote, Optional.empty(), Deadline.after(DIAL_PATIENCE))));
    }

    /** END-01. */
    protected ReferenceOutcome whenNobodyAnswers(RemoteMta remote, IOException failure) {
        return ReferenceOutcome.noAnswer(remote + ": " + failure.getMessage());
    }

    /** RELAY-01, RELAY-02. */
    protected List<Relay> relaysFor(Delivery delivery, Set<Family> destination, RelaySelector.Reason reason) {
        if (session.getProperties().get("mail.mx.relayselector") instanceof RelaySelector selector) {
            return selector.select(new RelaySelector.Question(
                    Domain.parse(delivery.domain()),
                    Optional.of(delivery.mail().sender())
                            .filter(sender -> !sender.isEmpty())
                            .map(Mailbox::parse),
                    delivery.open().stream().map(Mailbox::parse).toList(),
                    new RelaySelector.Families(families(), destination),
                    reason));
        }
        return Arrays.stream(setting("relay", "").split("[ ,]+"))
                .filter(url -> !url.isEmpty())
                .map(this::relay)
                .toList();
    }

    private Relay relay(String url) {
        return session.getProperties().get("mail.mx.relay.credentials") instanceof CredentialsSource source
                ? Relay.parse(url, source)
                : Relay.parse(url);
    }

    /** Tries the relays in order. Returns whether there were any. */
    protected boolean relay(Delivery delivery, Set<Family> destination, RelaySelector.Reason reason) {
        List<Relay> relays = relaysFor(delivery, destination, reason);
        if (relays.isEmpty()) {
            return false;
        }
        boolean tried = false;
        boolean failed = false;
        Set<Relay> reached = new HashSet<>();
        int attempts = Integer.parseInt(setting("relay.attempts", "1"));
        for (int round = 1; round <= attempts; round++) {
            for (Relay relay : relays) {
                Addresses addresses = lookUp(relay.host());
                failed |= addresses.failed();
                for (IpAddress address : reached.contains(relay) ? List.<IpAddress>of() : usable(addresses.known())) {
                    if (delivery.open().isEmpty()) {
                        return true;
                    }
                    tried = true;
                    if (attempt(delivery, relay.host(), address, relay.port(), Optional.of(relay))) {
                        reached.add(relay);
                    }
                }
            }
        }
        conclude(delivery, tried, failed);
        return true;
    }

    /** RELAY-05 to 07. */
    private void conclude(Delivery delivery, boolean tried, boolean failed) {
        if (tried || delivery.isTried()) {
            delivery.open().forEach(recipient -> delivery.conclude(recipient, whenRelaysFailed(delivery, recipient)));
        } else if (failed) {
            delivery.concludeAll("4.4.3", "the relay's addresses are not known for now");
        } else {
            whenNoRelayHasAnAddress(delivery);
        }
    }

    /** RELAY-07. */
    protected void whenNoRelayHasAnAddress(Delivery delivery) {
        delivery.concludeAll("4.3.5", "no relay has an address that we reach");
    }

    /** RELAY-05. */
    protected ReferenceOutcome whenRelaysFailed(Delivery delivery, String recipient) {
        return result(delivery, recipient);
    }

    /** END-01, END-02: returns the result at the end of the list. */
    protected ReferenceOutcome result(Delivery delivery, String recipient) {
        List<ReferenceOutcome> history = delivery.history(recipient);
        return last(history, ReferenceOutcome.Kind.SOFT_REPLY)
                .or(() -> last(history, ReferenceOutcome.Kind.SOFT_FAILURE))
                .orElseGet(() -> history.get(history.size() - 1));
    }

    private static Optional<ReferenceOutcome> last(List<ReferenceOutcome> history, ReferenceOutcome.Kind kind) {
        return history.stream().filter(outcome -> outcome.kind() == kind).reduce((first, second) -> second);
    }
}
