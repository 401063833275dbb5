// SPDX-License-Identifier: Apache-2.0
package com.example.mail;

import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.naming.CommunicationException;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.ServiceUnavailableException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.DnsName;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.MxRecord;
import org.postroad.api.RecordType;
import org.postroad.api.Security;
import org.postroad.api.TlsaRecord;
import org.postroad.spi.MailDns;

/**
 * Queries DNS with the DNS provider of JNDI, which every JDK has (module {@code jdk.naming.dns}).
 *
 * <ol>
 *   <li>Each query runs on its own thread, because JNDI cannot be interrupted; the caller waits until the deadline.
 *   <li>The servers are queried one after the other, until one gives a usable answer.
 *   <li>If there is no record, the name may be an alias; then its target is queried.
 * </ol>
 *
 * <p>JNDI gives no access to TTLs, header bits and sections. So the TTL is zero, the security is unknown, and some outcomes
 * cannot be distinguished; the test of this class lists them. Thread-safe.
 */
public final class JndiMailDns implements MailDns {

    private static final int MAX_ALIASES = 8;

    private final List<InetSocketAddress> servers;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "jndi-dns");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Future<?>> open = ConcurrentHashMap.newKeySet();

    /** @param servers in the order in which to query them; at least one */
    public JndiMailDns(List<InetSocketAddress> servers) {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("There is no DNS server; at least one is required");
        }
        this.servers = List.copyOf(servers);
    }

    @Override
    public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline) throws InterruptedException {
        if (deadline.hasPassed()) {
            return new DnsAnswer.Failed<>(Cause.TIMEOUT, "no time left to query");
        }
        FutureTask<DnsAnswer<R>> question = new FutureTask<>(() -> followed(name, type, deadline));
        open.add(question);
        try {
            threads.execute(question);
            return question.get(deadline.remainingMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException | CancellationException e) {
            return new DnsAnswer.Failed<>(Cause.CLOSED, "closed");
        } catch (TimeoutException e) {
            return new DnsAnswer.Failed<>(Cause.TIMEOUT, "no answer in time");
        } catch (ExecutionException e) {
            return new DnsAnswer.Failed<>(Cause.MALFORMED, "cannot be read: " + e.getCause());
        } finally {
            open.remove(question);
        }
    }

    /** Stops the implementation. A query in progress ends by itself at its deadline; its caller does not wait for that. */
    @Override
    public void close() {
        threads.shutdown();
        open.forEach(question -> question.cancel(true));
    }

    private <R> DnsAnswer<R> followed(HostName name, RecordType<R> type, Deadline deadline) {
        Set<HostName> seen = new HashSet<>();
        HostName current = name;
        while (seen.add(current) && seen.size() <= MAX_ALIASES) {
            DnsAnswer<Object> said = ask(current, Integer.toString(type.code()), deadline);
            if (!(said instanceof DnsAnswer.NoData<Object>) || type.equals(RecordType.CNAME)) {
                return decoded(said, type, current);
            }
            DnsAnswer<Object> alias = ask(current, "CNAME", deadline);
            if (!(alias instanceof DnsAnswer.Found<Object> found)) {
                return decoded(alias, type, current);
            }
            Optional<HostName> target = new DnsName(found.records().get(0).toString()).hostName();
            if (target.isEmpty()) {
                return new DnsAnswer.NoData<>(Duration.ZERO, Security.UNKNOWN);
            }
            current = target.get();
        }
        return new DnsAnswer.Failed<>(Cause.ALIAS_CHAIN, "a loop of aliases, or more than " + MAX_ALIASES);
    }

    /** Returns the first usable answer of a server. The remaining time is divided equally between the remaining servers. */
    private DnsAnswer<Object> ask(HostName name, String type, Deadline deadline) {
        DnsAnswer<Object> answer = new DnsAnswer.Failed<>(Cause.TIMEOUT, "no time left to query");
        for (int i = 0; i < servers.size() && !deadline.hasPassed(); i++) {
            int millis = Math.max(1, deadline.remainingMillis() / (servers.size() - i));
            answer = ask(servers.get(i), name, type, millis);
            if (answer.failure().isEmpty()) {
                return answer;
            }
        }
        return answer;
    }

    private static DnsAnswer<Object> ask(InetSocketAddress server, HostName name, String type, int millis) {
        try {
            List<Object> values = values(server, name, type, millis);
            return values.isEmpty()
                    ? new DnsAnswer.NoData<>(Duration.ZERO, Security.UNKNOWN)
                    : new DnsAnswer.Found<>(values, new DnsName(name.text()), Duration.ZERO, Security.UNKNOWN);
        } catch (NameNotFoundException e) {
            return new DnsAnswer.NoSuchName<>(Duration.ZERO, Security.UNKNOWN);
        } catch (NamingException e) {
            return new DnsAnswer.Failed<>(cause(e), server + ": " + e);
        } catch (RuntimeException e) {
            // The JDK's decoder reads past the end of a truncated message.
            return new DnsAnswer.Failed<>(Cause.MALFORMED, server + ": cannot be read: " + e);
        }
    }

    private static Cause cause(NamingException e) {
        if (e instanceof CommunicationException) {
            return e.getRootCause() instanceof SocketTimeoutException ? Cause.TIMEOUT : Cause.NETWORK;
        }
        return e instanceof ServiceUnavailableException ? Cause.SERVER_FAILURE : Cause.REFUSED;
    }

    private static List<Object> values(InetSocketAddress server, HostName name, String type, int millis)
            throws NamingException {
        Hashtable<String, String> settings = new Hashtable<>();
        settings.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        settings.put(Context.PROVIDER_URL, url(server));
        settings.put("com.sun.jndi.dns.timeout.initial", Integer.toString(millis));
        settings.put("com.sun.jndi.dns.timeout.retries", "1");
        InitialDirContext context = new InitialDirContext(settings);
        try {
            List<Object> values = new ArrayList<>();
            for (Attribute attribute : Collections.list(
                    context.getAttributes(name + ".", new String[] {type}).getAll())) {
                values.addAll(Collections.list(attribute.getAll()));
            }
            return values;
        } finally {
            context.close();
        }
    }

    private static String url(InetSocketAddress server) {
        IpAddress address = IpAddress.of(server.getAddress());
        String host = address.family() == Family.IPV6 ? "[" + address + "]" : address.toString();
        return "dns://" + host + ":" + server.getPort();
    }

    private static <R> DnsAnswer<R> decoded(DnsAnswer<Object> said, RecordType<R> type, HostName name) {
        return said.fold(
                found -> {
                    List<R> records = found.records().stream()
                            .flatMap(value -> record(type, value).stream())
                            .map(type.javaType()::cast)
                            .toList();
                    return records.isEmpty()
                            ? new DnsAnswer.NoData<>(found.ttl(), found.security())
                            : new DnsAnswer.Found<>(records, new DnsName(name.text()), found.ttl(), found.security());
                },
                noData -> new DnsAnswer.NoData<>(noData.ttl(), noData.security()),
                noSuchName -> new DnsAnswer.NoSuchName<>(noSuchName.ttl(), noSuchName.security()),
                DnsAnswer.Failed::cast);
    }

    /** Converts a JNDI value. JNDI decodes older record types to text; for the others it returns the octets. */
    private static Optional<Object> record(RecordType<?> type, Object value) {
        if (type.equals(RecordType.MX)) {
            String[] fields = value.toString().split(" ", 2);
            return Optional.of(new MxRecord(Integer.parseInt(fields[0]), new DnsName(fields[1])));
        }
        if (type.equals(RecordType.CNAME) || type.equals(RecordType.PTR)) {
            return Optional.of(new DnsName(value.toString()));
        }
        if (type.equals(RecordType.A6)) {
            byte[] octets = (byte[]) value;
            return octets[0] == 0
                    ? Optional.of(IpAddress.of(Family.IPV6, Arrays.copyOfRange(octets, 1, octets.length)))
                    : Optional.empty();
        }
        if (type.equals(RecordType.TLSA)) {
            byte[] octets = (byte[]) value;
            String data = HexFormat.of().formatHex(octets, 3, octets.length);
            return Optional.of(new TlsaRecord(octets[0] & 0xff, octets[1] & 0xff, octets[2] & 0xff, data));
        }
        return Optional.of(type.equals(RecordType.TXT) ? value : IpAddress.parse(value.toString()));
    }
}
