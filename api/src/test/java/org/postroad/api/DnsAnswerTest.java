// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.DnsAnswer.Alias;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.DnsAnswer.Failed;
import org.postroad.api.DnsAnswer.Found;
import org.postroad.api.DnsAnswer.NoData;
import org.postroad.api.DnsAnswer.NoSuchName;

/** The aliases of an answer, and how their security limits that of the answer. */
class DnsAnswerTest {

    private static final Duration TTL = Duration.ofSeconds(5);

    /** Creates an answer to a query for a.test, whose chain ends at c.test. */
    private interface Kind extends BiFunction<Security, List<Alias>, DnsAnswer<IpAddress>> {}

    static Stream<Kind> kinds() {
        return Stream.of(
                (security, aliases) -> found(security).withAliases(aliases),
                (security, aliases) -> new NoData<IpAddress>(TTL, security).withAliases(aliases),
                (security, aliases) -> new NoSuchName<IpAddress>(TTL, security).withAliases(aliases));
    }

    private static Found<IpAddress> found(Security security) {
        return new Found<>(List.of(IpAddress.parse("192.0.2.1")), new DnsName("c.test"), TTL, security);
    }

    private static Alias alias(String owner, String target, Security security) {
        return new Alias(new DnsName(owner), new DnsName(target), security);
    }

    private static List<Alias> chain(Security first, Security second) {
        return List.of(alias("a.test", "b.test", first), alias("b.test", "c.test", second));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void dns_anAnswerListsItsAliasesInOrder(Kind kind) {
        List<Alias> aliases = new ArrayList<>(chain(Security.SECURE, Security.UNKNOWN));
        DnsAnswer<IpAddress> answer = kind.apply(Security.UNKNOWN, aliases);
        aliases.clear();
        assertThat(answer.aliases()).isEqualTo(chain(Security.SECURE, Security.UNKNOWN));
        assertThat(answer.toString()).contains("a.test -> b.test is SECURE, b.test -> c.test is UNKNOWN");
        Alias first = answer.aliases().get(0);
        assertThat(List.of(first.owner(), first.target()))
                .extracting(DnsName::text)
                .containsExactly("a.test", "b.test");
        assertThat(first.security()).isEqualTo(Security.SECURE);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void dns_theAliasesAreAPartOfTheAnswer(Kind kind) {
        DnsAnswer<IpAddress> answer = kind.apply(Security.INSECURE, chain(Security.SECURE, Security.SECURE));
        assertThat(answer)
                .isEqualTo(kind.apply(Security.INSECURE, chain(Security.SECURE, Security.SECURE)))
                .hasSameHashCodeAs(kind.apply(Security.INSECURE, chain(Security.SECURE, Security.SECURE)))
                .isNotEqualTo(kind.apply(Security.INSECURE, chain(Security.UNKNOWN, Security.SECURE)))
                .isNotEqualTo(kind.apply(Security.INSECURE, List.of()))
                .isNotEqualTo(kind.apply(Security.UNKNOWN, chain(Security.SECURE, Security.SECURE)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void dns_anImplementationNeedNotListThem(Kind kind) {
        assertThat(kind.apply(Security.SECURE, List.of()).aliases()).isEmpty();
        assertThat(new Failed<IpAddress>(Cause.TIMEOUT, "silence").aliases()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "SECURE, SECURE, SECURE, true",
        "SECURE, SECURE, UNKNOWN, false",
        "SECURE, INSECURE, SECURE, false",
        "UNKNOWN, SECURE, SECURE, true",
        "UNKNOWN, UNKNOWN, SECURE, true",
        "UNKNOWN, SECURE, INSECURE, false",
        "INSECURE, SECURE, SECURE, true",
        "INSECURE, UNKNOWN, UNKNOWN, true",
        "INSECURE, INSECURE, SECURE, true"
    })
    void TLS_06_anAnswerIsNoMoreSecureThanItsWeakestAlias(
            Security answer, Security first, Security second, boolean allowed) {
        kinds().forEach(kind -> {
            if (allowed) {
                assertThat(kind.apply(answer, chain(first, second)).aliases()).hasSize(2);
            } else {
                assertThatThrownBy(() -> kind.apply(answer, chain(first, second)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("The answer is " + answer);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void dns_aliasesThatAreNoChainAreRefused(Kind kind) {
        List<Alias> gap =
                List.of(alias("a.test", "b.test", Security.SECURE), alias("x.test", "c.test", Security.SECURE));
        assertThatThrownBy(() -> kind.apply(Security.SECURE, gap)).hasMessageContaining("no chain");
    }

    @Test
    void dns_theChainOfRecordsEndsAtTheCanonicalName() {
        List<Alias> tooShort = List.of(alias("a.test", "b.test", Security.SECURE));
        assertThatThrownBy(() -> found(Security.SECURE).withAliases(tooShort))
                .hasMessageContaining("leads to b.test, and not to the canonical name c.test");
    }

    @ParameterizedTest
    @CsvSource({
        "SECURE, SECURE, SECURE",
        "SECURE, UNKNOWN, UNKNOWN",
        "SECURE, INSECURE, INSECURE",
        "UNKNOWN, UNKNOWN, UNKNOWN",
        "UNKNOWN, INSECURE, INSECURE",
        "INSECURE, INSECURE, INSECURE"
    })
    void dns_theWeakerOfTwoSecurities(Security one, Security other, Security weaker) {
        assertThat(one.weaker(other)).isEqualTo(weaker);
        assertThat(other.weaker(one)).isEqualTo(weaker);
    }
}
