// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.MxRecord;
import org.postroad.api.RecordType;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.spi.MailDns;

/**
 * Common base of the conformance tests of {@link MailDns}: queries everything twice, because the second answer may come from a
 * cache.
 */
abstract class MailDnsAsking extends Tck {

    static final Expect ANSWER = Expect.lookAt("the answer that query() returns");

    private static final Expect CACHE =
            Expect.lookAt("what is cached of an answer, and what is returned from the cache");
    private static final Duration TIME = Duration.ofSeconds(9);
    private static final Duration SILENCE = Duration.ofMillis(500);

    /**
     * Creates the implementation. The suite closes it.
     *
     * @param servers the servers to query, in this order
     * @return the implementation, ready for use
     */
    protected abstract MailDns create(List<InetSocketAddress> servers) throws Exception;

    /**
     * Returns the deadline of queries that get no answer. It must be long enough for the implementation to process the answer
     * of a server on this machine. It is multiplied by the system property {@code postroad.tck.patience}. The default is half a
     * second.
     */
    protected Duration silence() {
        return SILENCE;
    }

    /** Creates the implementation with these servers, over IPv4. */
    final MailDns subject(FakeDnsServer... servers) throws Exception {
        return subject(Arrays.stream(servers)
                .map(server -> bench().addressOf(server, Family.IPV4))
                .toList());
    }

    final MailDns subject(List<InetSocketAddress> servers) throws Exception {
        return bench().closing(Expect.lookAt("the factory method create()").notNull("a MailDns", create(servers)));
    }

    /** Makes a query that gets an answer. */
    final <R> DnsAnswer<R> ask(MailDns dns, String name, RecordType<R> type) throws InterruptedException {
        return twice(dns, name, type, timeOfThisRun(TIME));
    }

    /** Makes a query that may get no answer. */
    final <R> DnsAnswer<R> askInVain(MailDns dns, String name, RecordType<R> type) throws InterruptedException {
        return twice(dns, name, type, silenceOfThisRun());
    }

    /** Makes a query that gets an answer, only once. */
    final <R> DnsAnswer<R> once(MailDns dns, String name, RecordType<R> type) throws InterruptedException {
        return once(dns, name, type, timeOfThisRun(TIME));
    }

    /** Makes the query without a cached answer and then again; both must agree in outcome and records. */
    final <R> DnsAnswer<R> twice(MailDns dns, String name, RecordType<R> type, Duration time)
            throws InterruptedException {
        DnsAnswer<R> cold = once(dns, name, type, time);
        DnsAnswer<R> again = once(dns, name, type, time);
        boolean agree = cold.getClass() == again.getClass()
                && sorted(cold.recordsOrNone()).equals(sorted(again.recordsOrNone()));
        CACHE.isTrue("the same outcome when asked again: " + cold.describe(), agree, again.describe());
        return cold;
    }

    final <R> DnsAnswer<R> once(MailDns dns, String name, RecordType<R> type, Duration time)
            throws InterruptedException {
        return checked(type, dns.query(HostName.parse(name), type, Deadline.after(time)));
    }

    /** Checks that the answer is well-formed, whatever its outcome. */
    static <R> DnsAnswer<R> checked(RecordType<R> type, DnsAnswer<R> answer) {
        ANSWER.notNull("an answer", answer);
        return answer.fold(
                found -> {
                    found.records().forEach(record -> ANSWER.instance(type.javaType(), record));
                    ANSWER.notNull("a canonical name", found.canonicalName());
                    checkRest(found.ttl(), found.security());
                    return found;
                },
                noData -> {
                    checkRest(noData.ttl(), noData.security());
                    return noData;
                },
                noSuchName -> {
                    checkRest(noSuchName.ttl(), noSuchName.security());
                    return noSuchName;
                },
                failed -> {
                    ANSWER.notNull("a cause", failed.cause());
                    ANSWER.notNull("a detail", failed.detail());
                    return failed;
                });
    }

    private static void checkRest(Duration ttl, Object security) {
        ANSWER.isTrue(
                "a TTL that is not negative", !ANSWER.notNull("a TTL", ttl).isNegative(), ttl.toString());
        ANSWER.notNull("a security", security);
    }

    /** Expects exactly these records, in any order. */
    static <R> DnsAnswer.Found<R> expectFound(DnsAnswer<R> answer, List<R> records) {
        if (answer instanceof DnsAnswer.Found<R> found) {
            ANSWER.equal("exactly these records:", sorted(records), sorted(found.records()));
            return found;
        }
        throw ANSWER.mismatch("Found " + records, answer.describe());
    }

    static void expectNoData(DnsAnswer<?> answer) {
        ANSWER.isTrue("NoData", answer instanceof DnsAnswer.NoData<?>, answer.describe());
    }

    static void expectNoSuchName(DnsAnswer<?> answer) {
        ANSWER.isTrue("NoSuchName", answer instanceof DnsAnswer.NoSuchName<?>, answer.describe());
    }

    static <R> DnsAnswer.Failed<R> expectFailed(DnsAnswer<R> answer) {
        return answer.failure()
                .orElseThrow(() -> ANSWER.mismatch("Failed, because nothing is known", "it was " + answer.describe()));
    }

    final Duration silenceOfThisRun() {
        return timeOfThisRun(silence());
    }

    static MxRecord mx(int preference, String exchange) {
        return new MxRecord(preference, new DnsName(exchange));
    }

    static List<IpAddress> addresses(String... texts) {
        return Arrays.stream(texts).map(IpAddress::parse).toList();
    }

    private static List<String> sorted(List<?> records) {
        return records.stream().map(Object::toString).sorted().toList();
    }
}
