// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.spi.RelaySelector.Reason;
import org.postroad.tck.ReferenceDns.Answer;

/** The reference transport's algorithm for one domain, in the order of the document: LOOKUP, ORDER, TRY, END. */
abstract class ReferenceRouting extends ReferenceDane {

    private static final int SMTP_PORT = 25;

    ReferenceRouting(Session session) {
        super(session);
    }

    /** A mail exchanger; the host "." means none. */
    record Exchanger(int preference, String host) {

        static Exchanger parse(String record) {
            String[] fields = record.split(" ", -1);
            return new Exchanger(Integer.parseInt(fields[0]), fields[1]);
        }

        boolean isNone() {
            return host.isEmpty();
        }
    }

    /** Delivers to the recipients of one domain, and returns the result for each. */
    protected Map<String, ReferenceOutcome> deliver(String domain, Mail mail, List<String> recipients) {
        Delivery delivery = new Delivery(domain, mail, recipients);
        Host host = Domain.parse(domain).host();
        if (host instanceof IpAddress && !looksUpLiterals()) {
            tryLevels(delivery, List.of(List.of(host)), true);
            return delivery.outcomes();
        }
        Answer answer = query(domain.replace("[", "").replace("]", ""), RecordType.MX);
        switch (answer.kind()) {
            case FAILED -> whenMxLookupFails(delivery);
            case NO_SUCH_NAME -> whenThereIsNoSuchName(delivery);
            case NO_DATA -> tryLevels(delivery, List.of(List.of(HostName.parse(domain))), false);
            case FOUND ->
                whenMxesAreListed(
                        delivery,
                        answer.records().stream().map(Exchanger::parse).toList());
        }
        return delivery.outcomes();
    }

    /** LOOKUP-06. */
    protected boolean looksUpLiterals() {
        return false;
    }

    /** LOOKUP-02. */
    protected void whenMxLookupFails(Delivery delivery) {
        delivery.concludeAll("4.4.3", "the MX records are not known for now");
    }

    /** LOOKUP-03. */
    protected void whenThereIsNoSuchName(Delivery delivery) {
        delivery.concludeAll("5.1.2", "no such domain");
    }

    /** LOOKUP-07, ORDER-08. */
    protected void whenMxesAreListed(Delivery delivery, List<Exchanger> records) {
        if (isNullMx(records)) {
            delivery.concludeAll("5.1.10", "the domain accepts no mail");
            return;
        }
        List<List<Host>> levels = inOrder(real(records), delivery).stream()
                .map(level -> level.stream()
                        .map(exchanger -> Host.parse(exchanger.host()))
                        .toList())
                .toList();
        tryLevels(delivery, levels, true);
    }

    protected boolean isNullMx(List<Exchanger> records) {
        return records.size() == 1 && records.get(0).isNone();
    }

    /** LOOKUP-07: "." among other exchangers is ignored. */
    protected List<Exchanger> real(List<Exchanger> records) {
        return records.stream().filter(record -> !record.isNone()).toList();
    }

    /** ORDER-02, ORDER-03: sorts by preference, and shuffles equal preferences. */
    protected List<List<Exchanger>> inOrder(List<Exchanger> records, Delivery delivery) {
        TreeMap<Integer, List<Exchanger>> levels = new TreeMap<>();
        for (Exchanger record : records) {
            levels.computeIfAbsent(record.preference(), first -> new ArrayList<>())
                    .add(record);
        }
        levels.values().forEach(Collections::shuffle);
        return List.copyOf(levels.values());
    }

    /** ORDER-04, ORDER-08, TRY-03; then END. */
    protected void tryLevels(Delivery delivery, List<List<Host>> levels, boolean mxListed) {
        boolean failed = false;
        boolean weAreAmongThem = false;
        Set<Family> families = EnumSet.noneOf(Family.class);
        for (int i = 0; i < levels.size() && !weAreAmongThem; i++) {
            List<Addresses> known =
                    levels.get(i).stream().map(this::addressesOf).toList();
            weAreAmongThem = isOurs(levels.get(i), known);
            if (weAreAmongThem && i == 0) {
                delivery.concludeAll("5.4.6", "we are the best mail exchanger, mail would loop");
            }
            for (int j = 0; j < known.size() && !weAreAmongThem; j++) {
                Addresses addresses = known.get(j);
                failed |= addresses.failed();
                addresses.known().forEach(address -> families.add(address.family()));
                tryHost(delivery, levels.get(i).get(j), addresses);
            }
            if (delivery.open().isEmpty()) {
                return;
            }
        }
        whenExhausted(delivery, new Exhausted(families, failed, mxListed, weAreAmongThem));
    }

    /** ORDER-08. */
    protected boolean isOurs(List<Host> level, List<Addresses> addresses) {
        List<String> names = Arrays.asList(setting("localnames", "localhost").split("[ ,]+"));
        return level.stream().anyMatch(host -> names.contains(host.toString()))
                || addresses.stream().anyMatch(Addresses::own);
    }

    /** ORDER-05, ORDER-06. */
    protected void tryHost(Delivery delivery, Host host, Addresses addresses) {
        for (IpAddress address : usable(addresses.known())) {
            if (!delivery.open().isEmpty()) {
                attempt(delivery, host, address, SMTP_PORT, Optional.empty());
            }
        }
    }

    /** The state at the end of the list. */
    record Exhausted(Set<Family> families, boolean lookupFailed, boolean mxListed, boolean weAreAmongThem) {}

    /** END. */
    protected void whenExhausted(Delivery delivery, Exhausted list) {
        if (delivery.isTried()) {
            whenTried(delivery, list);
        } else if (list.lookupFailed()) {
            delivery.concludeAll("4.4.3", "not all addresses are known for now");
        } else if (!list.families().isEmpty()) {
            whenOnlyTheOtherFamilyIsThere(delivery, list);
        } else {
            whenThereIsNoAddress(delivery, list);
        }
    }

    /** END-01, END-02, RELAY-08. */
    private void whenTried(Delivery delivery, Exhausted list) {
        if (fallsBack(delivery, list) && relay(delivery, list.families(), Reason.FALLBACK)) {
            return;
        }
        for (String recipient : delivery.open()) {
            ReferenceOutcome outcome = result(delivery, recipient);
            boolean softer = !outcome.isSoft() && list.lookupFailed();
            delivery.conclude(recipient, softer ? ReferenceOutcome.concluded("4.4.3", "not all are known") : outcome);
        }
    }

    /** RELAY-08. */
    protected boolean fallsBack(Delivery delivery, Exhausted list) {
        return setting("relay.fallback", "false").equals("true") && delivery.isSoft() && !list.weAreAmongThem();
    }

    /** END-04. */
    protected void whenOnlyTheOtherFamilyIsThere(Delivery delivery, Exhausted list) {
        if (!relay(delivery, list.families(), Reason.OTHER_FAMILY)) {
            delivery.concludeAll("5.4.4", "all addresses are of the other family");
        }
    }

    /** END-05, END-06. */
    protected void whenThereIsNoAddress(Delivery delivery, Exhausted list) {
        delivery.concludeAll(list.mxListed() ? "5.4.3" : "5.1.2", "no host has an address");
    }
}
