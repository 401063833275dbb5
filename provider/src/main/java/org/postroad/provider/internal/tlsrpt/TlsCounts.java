// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.HostName;
import org.postroad.api.Mailbox;
import org.postroad.api.TlsReport;
import org.postroad.api.TlsResult;
import org.postroad.spi.DeliveryListener;

/** Counts the TLS results of sessions by UTC day, recipient domain and policy. Thread-safe. */
public final class TlsCounts implements DeliveryListener {

    /** Number of days kept, including today. A day can be reported only while it is kept. */
    public static final int MAX_DAYS = 3;

    /** Maximum number of domains per day; sessions for further ones are not counted. */
    static final int MAX_DOMAINS = 10_000;

    /**
     * Maximum number of policies per domain and day; further ones are not counted. A policy may change, and each mail exchanger has its own
     * TLSA records.
     */
    static final int MAX_POLICIES = 100;

    /** Approximate maximum size of all policies of all days, in octets; further ones are not counted. */
    static final int MAX_OCTETS = 16 * 1024 * 1024;

    /** Assumed size of a policy in addition to its text. */
    private static final int OVERHEAD = 512;

    /** Maximum number of reports mailed to one mailbox per day, for all domains together. */
    public static final int MAX_MAILS_A_DAY = 100;

    /** Maximum number of reports uploaded to one web server per day, for all domains together. */
    public static final int MAX_UPLOADS_A_DAY = 1_000;

    private final ReportWriter writer;
    private final InstantSource clock;
    private final DailyLimit mails;
    private final DailyLimit uploads;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final TreeMap<LocalDate, Map<HostName, Map<TlsResult.Policy, SessionCounts>>> days = new TreeMap<>();

    @GuardedBy("lock")
    private long octets;

    /**
     * @param writer creates reports from the counts
     * @param clock determines the day
     */
    public TlsCounts(ReportWriter writer, InstantSource clock) {
        this.writer = writer;
        this.clock = clock;
        this.mails = new DailyLimit(MAX_MAILS_A_DAY, clock);
        this.uploads = new DailyLimit(MAX_UPLOADS_A_DAY, clock);
    }

    /** Returns the reporting organization. */
    public ReportingOrganization reporter() {
        return writer.reporter();
    }

    /**
     * Counts one more report to the mailbox. Returns false if today's limit is reached. Case and a tag ({@code user+tag}) are ignored;
     * otherwise the owner of a domain could name one mailbox in a thousand spellings.
     */
    public boolean tryCountMail(Mailbox mailbox) {
        String user = mailbox.localPart().toLowerCase(Locale.ROOT).split("\\+", 2)[0];
        return mails.tryCount(user + "@" + mailbox.domain());
    }

    /** Counts one more report to the web server. Returns false if today's limit is reached. */
    public boolean tryCountUpload(HostName host) {
        return uploads.tryCount(host.text());
    }

    @Override
    public void on(DeliveryEvent event) {
        if (event instanceof DeliveryEvent.TlsConcluded concluded) {
            concluded.domain().host().name().ifPresent(domain -> count(domain, concluded.result()));
        }
    }

    private void count(HostName domain, TlsResult result) {
        LocalDate today = today();
        lock.lock();
        try {
            if (!days.headMap(firstKept(today)).isEmpty()) {
                days.headMap(firstKept(today)).clear();
                octets = weightOfAll();
            }
            Map<HostName, Map<TlsResult.Policy, SessionCounts>> domains =
                    days.computeIfAbsent(today, day -> new LinkedHashMap<>());
            TlsResult.Policy policy = result.policy();
            boolean isNew = !domains.getOrDefault(domain, Map.of()).containsKey(policy);
            if (isNew && octets + weight(policy) > MAX_OCTETS) {
                return;
            }
            Optional<SessionCounts> counts = within(
                            MAX_DOMAINS, domains, domain, () -> new LinkedHashMap<TlsResult.Policy, SessionCounts>())
                    .flatMap(policies -> within(MAX_POLICIES, policies, policy, SessionCounts::new));
            octets += isNew && counts.isPresent() ? weight(policy) : 0;
            counts.ifPresent(found -> found.add(result));
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private long weightOfAll() {
        return days.values().stream()
                .flatMap(domains -> domains.values().stream())
                .flatMap(policies -> policies.keySet().stream())
                .mapToLong(TlsCounts::weight)
                .sum();
    }

    private static long weight(TlsResult.Policy policy) {
        return OVERHEAD
                + Stream.of(policy.lines(), policy.mx())
                        .flatMap(List::stream)
                        .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
                        .sum();
    }

    private static <K, V> Optional<V> within(int limit, Map<K, V> map, K key, Supplier<V> made) {
        return map.size() < limit || map.containsKey(key)
                ? Optional.of(map.computeIfAbsent(key, absent -> made.get()))
                : Optional.empty();
    }

    /** Returns the current day in UTC. */
    public LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private static LocalDate firstKept(LocalDate today) {
        return today.minusDays(MAX_DAYS - 1L);
    }

    /**
     * Returns the reports of a day, one for each domain, in the order in which the domains first occurred.
     *
     * @throws IllegalArgumentException if the day is no longer kept, or in the future; the message names the days that are kept
     */
    public List<TlsReport> reports(LocalDate day) {
        LocalDate today = today();
        if (day.isBefore(firstKept(today)) || day.isAfter(today)) {
            throw new IllegalArgumentException("There are no reports of " + day + "; those of " + firstKept(today)
                    + " to " + today + " are kept (days are in UTC)");
        }
        return domains(day).stream()
                .flatMap(domain -> report(domain, day).stream())
                .toList();
    }

    private List<HostName> domains(LocalDate day) {
        lock.lock();
        try {
            return List.copyOf(days.getOrDefault(day, Map.of()).keySet());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Creates one report per lock acquisition: counting, and thus mail delivery, waits meanwhile. Empty if the day was discarded meanwhile.
     */
    private Optional<TlsReport> report(HostName domain, LocalDate day) {
        lock.lock();
        try {
            return Optional.ofNullable(days.getOrDefault(day, Map.of()).get(domain))
                    .map(policies -> writer.report(domain, day, policies));
        } finally {
            lock.unlock();
        }
    }
}
