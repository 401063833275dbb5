// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postroad.api.Printable;
import org.postroad.provider.internal.dns.Idna;
import org.postroad.provider.internal.queue.QueueSettings;
import org.postroad.provider.internal.queue.QueueSettings.Admission;
import org.postroad.provider.internal.queue.QueueSettings.Bounces;
import org.postroad.provider.internal.queue.QueueSettings.DestinationLimits;
import org.postroad.provider.internal.queue.QueueSettings.History;
import org.postroad.provider.internal.queue.QueueSettings.InDoubt;
import org.postroad.provider.internal.queue.QueueSettings.KeptReports;
import org.postroad.provider.internal.queue.QueueSettings.Retrying;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.Rate;
import org.postroad.provider.internal.queue.RetrySchedule;

/** Reads {@code queue.*}. */
public final class QueueReader {

    /** All names that are read here, without prefix. */
    static final Set<String> NAMES = Set.of(
            "queue.name",
            "queue.url",
            "queue.datasource",
            "queue.createschema",
            "queue.transactions",
            "queue.firstattempt",
            "queue.lifetime",
            "queue.maxsize",
            "queue.suppress",
            "queue.schedule",
            "queue.indoubt",
            "queue.delaywarning",
            "queue.concurrency",
            "queue.rate",
            "queue.poll",
            "queue.lease",
            "queue.destinations",
            "queue.closetimeout",
            "queue.keep",
            "queue.keeprows",
            "queue.keepreports",
            "queue.shutdownhook",
            "queue.bounces",
            "queue.postmaster");

    private static final String DATA_SOURCE = "queue.datasource";
    private static final String TRANSACTIONS = "queue.transactions";
    private static final String FROM_CDI = "cdi";
    private static final String DATA_SOURCE_KIND = "a DataSource object, " + FROM_CDI + " for the bean of that type";
    private static final String DATA_SOURCE_KINDS = DATA_SOURCE_KIND + ", or the JNDI name of one";
    private static final String URLS = "jdbc:sqlite: and the path of a file, such as jdbc:sqlite:/var/lib/app/queue.db";

    /** The names that need no quotes in an ObjectName and no escapes in a metric. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private static final Pattern RATE = Pattern.compile("(\\d{1,6})/(\\w+)");

    private QueueReader() {}

    /**
     * Location of a queue.
     *
     * @param url the URL of the SQLite file, used if there is no DataSource
     * @param dataSource the DataSource object of the application
     * @param dataSourceName the JNDI name of the DataSource, or {@code cdi} for the bean of that type
     */
    public record Location(String url, Optional<DataSource> dataSource, Optional<String> dataSourceName) {

        /** Returns whether the DataSource is a CDI bean, which the caller looks up. */
        public boolean isFromCdi() {
            return dataSourceName.filter(FROM_CDI::equals).isPresent();
        }
    }

    /** Returns whether a setting of the queue is set. */
    public static boolean hasSettings(Properties properties) {
        return NAMES.stream()
                .anyMatch(name -> PropertyReader.value(properties, PropertyReader.PREFIX + name)
                        .isPresent());
    }

    /**
     * Reads the location of the queue. Nothing is looked up.
     *
     * @throws SettingsException naming the property and what is wrong
     */
    public static Location location(Properties properties) {
        PropertyReader in = new PropertyReader(properties);
        Optional<String> file = in.value("queue.url", URLS, text -> text);
        String url = file.orElseGet(() -> "jdbc:sqlite:" + System.getProperty("user.home") + "/.postroad/queue.db");
        Optional<String> name = in.textUnlessObject(DATA_SOURCE)
                .map(text -> text.equals(FROM_CDI) ? text : JndiNames.checked(DATA_SOURCE, text, DATA_SOURCE_KIND));
        Optional<DataSource> dataSource = name.isPresent()
                ? Optional.empty()
                : in.object(DATA_SOURCE, DataSource.class, DATA_SOURCE_KINDS, text -> text);
        if (file.isPresent() && (name.isPresent() || dataSource.isPresent())) {
            throw new SettingsException(
                    "The properties mail.mx.queue.url and mail.mx.queue.datasource are both set; allowed is one of them");
        }
        return new Location(url, dataSource, name);
    }

    /**
     * Reads the name of the queue in JMX.
     *
     * @return empty: the location is its name
     * @throws SettingsException naming the property, its value, and what is allowed
     */
    public static Optional<String> name(Properties properties) {
        return new PropertyReader(properties)
                .value(
                        "queue.name",
                        "1 to 64 letters, digits, dots, hyphens and underscores",
                        QueueReader::checkedName);
    }

    private static String checkedName(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(Printable.quote(text) + " is not a name");
        }
        return text;
    }

    /**
     * Looks up the DataSource that has a JNDI name, on the calling thread.
     *
     * @throws SettingsException naming the property and what is wrong
     */
    public static DataSource lookUpDataSource(Properties properties) {
        return new PropertyReader(properties)
                .object(
                        DATA_SOURCE,
                        DataSource.class,
                        DATA_SOURCE_KINDS,
                        name -> JndiNames.lookUp(DATA_SOURCE, name, DATA_SOURCE_KIND))
                .orElseThrow();
    }

    /**
     * Reads {@code queue.transactions}: the registry of JTA transactions, an object or its JNDI name.
     *
     * @param type the type of the registry, passed in because the class may not be visible here
     * @return empty: the container's registry is used, if there is one
     * @throws SettingsException naming the property and what is wrong
     */
    public static <T> Optional<T> transactions(Properties properties, Class<T> type) {
        String kind = "an object of " + type.getName();
        return new PropertyReader(properties)
                .object(
                        TRANSACTIONS,
                        type,
                        kind + ", or the JNDI name of one",
                        name -> JndiNames.lookUp(TRANSACTIONS, name, kind));
    }

    /**
     * Returns whether a message is first sent directly, and queued only for recipients that are deferred or in doubt.
     *
     * @throws SettingsException naming the property, its value, and what is allowed
     */
    public static boolean triesFirst(Properties properties) {
        return new PropertyReader(properties)
                .word("queue.firstattempt", "sync or queue", FirstAttempt.class)
                .filter(FirstAttempt.SYNC::equals)
                .isPresent();
    }

    /**
     * Returns whether an open queue is closed when the JVM shuts down.
     *
     * @throws SettingsException naming the property, its value, and what is allowed
     */
    public static boolean hasShutdownHook(Properties properties) {
        return new PropertyReader(properties).flag("queue.shutdownhook", true);
    }

    private enum FirstAttempt {
        SYNC,
        QUEUE
    }

    /**
     * Reads the settings of the queue itself.
     *
     * @throws SettingsException naming the property, its value, and what is allowed
     */
    public static QueueSettings read(Properties properties) {
        PropertyReader in = new PropertyReader(properties);
        // Not part of QueueSettings, but a wrong value is rejected here as well.
        hasShutdownHook(properties);
        name(properties);
        return new QueueSettings(
                admission(in),
                retrying(in),
                limits(in),
                pace(in),
                in.word("queue.bounces", "sender, listener or none", Bounces.class)
                        .orElse(Bounces.SENDER),
                history(in),
                in.value("queue.postmaster", "a mailbox such as postmaster@example.org", Idna::toMailbox));
    }

    private static Admission admission(PropertyReader in) {
        Admission standard = Admission.DEFAULTS;
        return new Admission(
                in.duration("queue.lifetime", standard.lifetime()),
                in.number("queue.maxsize", (int) standard.maxSize(), 1, Integer.MAX_VALUE),
                in.flag("queue.createschema", standard.createSchema()),
                in.flag("queue.suppress", standard.suppress()));
    }

    private static Retrying retrying(PropertyReader in) {
        Retrying standard = Retrying.DEFAULTS;
        List<Duration> delays = in.durations("queue.schedule", "durations such as 5m,10m,1h");
        return new Retrying(
                delays.isEmpty() ? standard.schedule() : schedule(delays),
                in.word("queue.indoubt", "retry or hold", InDoubt.class).orElse(standard.inDoubt()),
                in.durationUnlessOff("queue.delaywarning"));
    }

    private static RetrySchedule schedule(List<Duration> delays) {
        try {
            return new RetrySchedule(delays);
        } catch (IllegalArgumentException e) {
            throw PropertyReader.refusal("queue.schedule", delays.toString(), "1 to 100 durations of at least 1s", e);
        }
    }

    private static DestinationLimits limits(PropertyReader in) {
        return new DestinationLimits(
                in.number("queue.concurrency", DestinationLimits.DEFAULTS.concurrency(), 1, 1000),
                in.value("queue.rate", "a number of messages in a time, such as 100/1m", QueueReader::rate));
    }

    private static Rate rate(String text) {
        Matcher matcher = RATE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(Printable.quote(text) + " is not a rate");
        }
        return new Rate(Integer.parseInt(matcher.group(1)), PropertyReader.durationOf(matcher.group(2)));
    }

    private static Timing pace(PropertyReader in) {
        Timing standard = Timing.DEFAULTS;
        return new Timing(
                in.durationOfAtLeast("queue.poll", standard.poll(), Timing.MIN_POLL),
                in.durationOfAtLeast("queue.lease", standard.lease(), Timing.MIN_LEASE),
                in.number("queue.destinations", standard.destinations(), 1, 10_000),
                in.duration("queue.closetimeout", standard.closeTimeout()));
    }

    private static History history(PropertyReader in) {
        History standard = History.DEFAULTS;
        return new History(
                in.durationOrZero("queue.keep", standard.keep()),
                in.number("queue.keeprows", standard.rows(), 1, 100_000_000),
                in.word("queue.keepreports", "all, failures or none", KeptReports.class)
                        .orElse(standard.reports()));
    }
}
