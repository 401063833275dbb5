// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import static org.postroad.provider.fuzz.Fuzzing.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Map;
import java.util.stream.Collectors;
import org.postroad.api.Domain;
import org.postroad.api.HostName;
import org.postroad.provider.fuzz.Fuzzing;
import org.postroad.provider.internal.route.NextHop;
import org.postroad.provider.internal.route.Routes;

/** Fuzzes the table of routes. */
class RoutesFuzz {

    private static final RouteReader READER = new RouteReader(25);

    @FuzzTest
    void routes(byte[] input) {
        Fuzzing.linear(input, () -> checkRoutes(input));
    }

    private void checkRoutes(byte[] input) {
        Fuzzing.readTwice(Fuzzing.text(input), READER::read, RoutesFuzz::written)
                .ifPresent(RoutesFuzz::checkEachLeadsToItsHop);
    }

    private static String written(Routes routes) {
        return routes.byPattern().entrySet().stream()
                .map(route -> pattern(route.getKey()) + "=" + hop(route.getValue()))
                .collect(Collectors.joining("; "));
    }

    private static String pattern(Routes.Pattern pattern) {
        if (pattern instanceof Routes.Only only) {
            return only.domain().toString();
        }
        return pattern instanceof Routes.Below below ? "." + below.parent() : "*";
    }

    private static String hop(NextHop hop) {
        String host = hop.host().toString();
        return (hop.lookUpMx() ? host : "[" + host + "]") + ":" + hop.port();
    }

    private static void checkEachLeadsToItsHop(Routes routes) {
        for (Map.Entry<Routes.Pattern, NextHop> route : routes.byPattern().entrySet()) {
            if (route.getKey() instanceof Routes.Only only) {
                check(routes.nextHop(only.domain()).equals(route.getValue()), () -> only + " leads elsewhere");
            } else if (route.getKey() instanceof Routes.Below below
                    && below.parent().text().length() < 250) {
                Domain child = new Domain(HostName.parse("x." + below.parent()));
                boolean overruled = routes.byPattern().containsKey(new Routes.Only(child));
                check(
                        overruled || routes.nextHop(child).equals(route.getValue()),
                        () -> child + " does not lead where its parent says");
            }
        }
    }
}
