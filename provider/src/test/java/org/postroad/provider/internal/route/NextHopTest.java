// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Domain;
import org.postroad.api.HostName;
import org.postroad.api.RemoteMta.Role;

/** Selection of a domain's route: the most specific pattern wins. */
class NextHopTest {

    private static NextHop via(String host) {
        return new NextHop(HostName.parse(host), false, 2525, Role.ROUTE);
    }

    private static final Routes ROUTES = new Routes(
            Map.of(
                    new Routes.Only(Domain.parse("a.example.test")), via("only.test"),
                    new Routes.Below(HostName.parse("example.test")), via("near.test"),
                    new Routes.Below(HostName.parse("test")), via("far.test")),
            26);

    @ParameterizedTest
    @CsvSource({
        "a.example.test, only.test",
        "b.a.example.test, near.test",
        "b.example.test, near.test",
        "example.test, far.test",
        "deep.other.test, far.test"
    })
    void routes_theMostSpecificPatternMatches(String domain, String host) {
        assertThat(ROUTES.nextHop(Domain.parse(domain))).isEqualTo(via(host));
    }

    @ParameterizedTest
    @CsvSource({"example.org, true", "test, true", "[192.0.2.1], false"})
    void routes_aDomainWithoutAPatternIsItsOwnNextHop(String domain, boolean lookUpMx) {
        NextHop own = ROUTES.nextHop(Domain.parse(domain));
        assertThat(own).isEqualTo(NextHop.of(Domain.parse(domain), 26));
        assertThat(own.lookUpMx()).isEqualTo(lookUpMx);
    }

    @Test
    void routes_theWildcardMatchesLiteralsToo() {
        Routes routes = new Routes(Map.of(new Routes.Everything(), via("all.test")), 25);
        assertThat(routes.nextHop(Domain.parse("[192.0.2.1]"))).isEqualTo(via("all.test"));
        assertThat(routes.nextHop(Domain.parse("example.org"))).isEqualTo(via("all.test"));
    }

    @Test
    void routes_withoutRoutesTheDomainIsTheNextHop() {
        Domain domain = Domain.parse("example.org");
        assertThat(new Routes(Map.of(), 26).nextHop(domain)).isEqualTo(NextHop.of(domain, 26));
    }
}
