// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.DnsName;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.api.Security;

/**
 * Checks the answers of a {@link org.postroad.spi.MailDns} against its contract. Replaces an answer that breaks the contract with a failure
 * that gives the reason.
 */
final class AnswerCheck {

    private AnswerCheck() {}

    static <R> DnsAnswer<R> check(HostName name, RecordType<R> type, @Nullable DnsAnswer<R> answer) {
        if (answer == null) {
            return broken("the answer is null");
        }
        return answer.<DnsAnswer<R>>fold(
                found -> problem(type, found)
                        .or(() -> problem(found.ttl(), found.security()))
                        .or(() -> followedAlias(name, type, found))
                        .or(() -> problem(name, type, found.aliases()))
                        .<DnsAnswer<R>>map(AnswerCheck::broken)
                        .orElse(found),
                noData -> problem(noData.ttl(), noData.security())
                        .or(() -> problem(name, type, noData.aliases()))
                        .<DnsAnswer<R>>map(AnswerCheck::broken)
                        .orElse(noData),
                noSuchName -> problem(noSuchName.ttl(), noSuchName.security())
                        .or(() -> problem(name, type, noSuchName.aliases()))
                        .<DnsAnswer<R>>map(AnswerCheck::broken)
                        .orElse(noSuchName),
                failed -> isNull(failed.cause()) || isNull(failed.detail())
                        ? broken("a failure has no cause or no detail")
                        : failed);
    }

    private static <R> DnsAnswer<R> broken(String how) {
        return new DnsAnswer.Failed<>(Cause.CONTRACT, how);
    }

    private static Optional<String> problem(RecordType<?> type, DnsAnswer.Found<?> found) {
        if (isNull(found.canonicalName())) {
            return Optional.of("the canonical name is null");
        }
        for (Object record : found.records()) {
            if (!type.javaType().isInstance(record)) {
                return Optional.of("a record of type " + type + " is of " + record.getClass());
            }
            if (record instanceof IpAddress address && address.family() != familyOf(type)) {
                return Optional.of("a record of type " + type + " is an " + address.family() + " address");
            }
        }
        return Optional.empty();
    }

    /** Rejects followed aliases: the security of the whole chain must not be taken for that of the alias alone. */
    private static Optional<String> followedAlias(HostName name, RecordType<?> type, DnsAnswer.Found<?> found) {
        if (!type.equals(RecordType.CNAME)) {
            return Optional.empty();
        } else if (!found.canonicalName().equals(new DnsName(name.text()))) {
            return Optional.of("the canonical name of " + name + " CNAME is " + found.canonicalName()
                    + ": for this type aliases are not followed");
        }
        return found.records().size() == 1
                ? Optional.empty()
                : Optional.of("a name has " + found.records().size() + " records of type CNAME");
    }

    /** The answer itself has checked that the aliases are a chain, and that none is weaker than the answer. */
    private static Optional<String> problem(HostName name, RecordType<?> type, List<DnsAnswer.Alias> aliases) {
        if (aliases.isEmpty()) {
            return Optional.empty();
        } else if (type.equals(RecordType.CNAME)) {
            return Optional.of("the answer to " + name + " CNAME has aliases " + aliases
                    + ": for this type aliases are not followed");
        }
        return aliases.get(0).owner().equals(new DnsName(name.text()))
                ? Optional.empty()
                : Optional.of("the first alias " + aliases.get(0) + " is not at " + name);
    }

    private static Optional<String> problem(Duration ttl, Security security) {
        if (isNull(ttl) || ttl.isNegative()) {
            return Optional.of("the TTL is " + ttl);
        }
        return isNull(security) ? Optional.of("the security is null") : Optional.empty();
    }

    private static Family familyOf(RecordType<?> type) {
        return type.equals(RecordType.A) ? Family.IPV4 : Family.IPV6;
    }

    /** A plug-in is not necessarily null-marked. */
    private static boolean isNull(@Nullable Object value) {
        return value == null;
    }
}
