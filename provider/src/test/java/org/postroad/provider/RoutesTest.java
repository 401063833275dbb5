// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configured next hops: {@code mail.mx.routes}. */
class RoutesTest extends TransportTesting {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nowhere.test=[192.0.2.4]                         | u@nowhere.test
            nowhere.test=[mx4.v4.test]:25                    | u@nowhere.test
            nowhere.test=v4.test                             | u@nowhere.test
            NOWHERE.test = v4.test ;                         | u@nowhere.test
            .test=[2001:db8::6]; nowhere.test=[192.0.2.4]    | u@nowhere.test
            *=[2001:db8::6]; .test=[192.0.2.4]               | u@deep.nowhere.test
            .test=[2001:db8::6]; .nowhere.test=[192.0.2.4]   | u@deep.nowhere.test
            .nowhere.test=[2001:db8::6]; *=[192.0.2.4]       | u@nowhere.test
            *=[192.0.2.4]                                    | u@[192.0.2.77]
            [192.0.2.77]=[192.0.2.4]                         | u@[192.0.2.77]
            """)
    void routes_theMostSpecificPatternIsUsed(String routes, String recipient) throws Exception {
        properties.setProperty("mail.mx.routes", routes);
        send(message(recipient));
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx6.connections()).isZero();
    }

    @Test
    void routes_onlyAddressesOfAConfiguredHostAreLookedUp() throws Exception {
        properties.setProperty("mail.mx.routes", "v6.test=[mx4.v4.test]");
        send(message("u@v6.test"));
        assertThat(mx4.received()).hasSize(1);
        assertThat(transcript.linesOf("dns")).noneMatch(line -> line.contains(" MX"));
    }

    @Test
    void routes_aPortCanBeConfigured() throws Exception {
        connector.map("192.0.2.77", 2525, socket(mx4));
        properties.setProperty("mail.mx.routes", "v6.test=[192.0.2.77]:2525");
        send(message("u@v6.test"));
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void RELAY_07_aConfiguredHostWithoutAddressDoesNotBounceMail() throws Exception {
        properties.setProperty("mail.mx.routes", "*=[nothere.test]");
        assertThat(failure("u@v4.test").report().recipients().get(0).status()).hasToString("4.3.5");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v4.test                   | has no =
            v4.test=[192.0.2.4        | has no ]
            v4.test=[192.0.2.4]:0     | 1 to 65535
            v4.test=[192.0.2.4]:65536 | 1 to 65535
            v4.test=[192.0.2.4]x      | 1 to 65535
            v4.test=                  | v4.test
            a..b=[192.0.2.4]          | a..b
            v4.test=[192.0.2.4];V4.test=x.test | two routes
            """)
    void routes_anInvalidRouteIsNamed(String routes, String complaint) throws Exception {
        assertUnreadable("mail.mx.routes", routes, complaint);
    }
}
