// SPDX-License-Identifier: Apache-2.0
package com.example.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.Mailbox;
import org.postroad.api.Relay;
import org.postroad.spi.RelaySelector;
import org.postroad.spi.RelaySelector.Families;
import org.postroad.spi.RelaySelector.Question;
import org.postroad.spi.RelaySelector.Reason;
import org.postroad.tck.RelaySelectorTck;

/** The conformance tests, with the expected answers of a table; and the error messages for invalid tables. */
class RoutingTableRelaySelectorTest extends RelaySelectorTck {

    private static final List<String> TABLE = List.of(
            "# what       relays",
            "",
            "example.org  smtps://user:secret@relay1.example.net smtp://relay2.example.net",
            ".example.org smtp://relay2.example.net",
            ".b.example.org smtp://relay3.example.net",
            "[192.0.2.1]  smtp://relay2.example.net:2525");

    @TempDir
    Path directory;

    @Override
    protected RelaySelector create() throws IOException {
        return RoutingTableRelaySelector.read(Files.write(directory.resolve("relays"), TABLE));
    }

    @Override
    protected Map<Question, List<Relay>> expected() {
        Relay relay2 = Relay.parse("smtp://relay2.example.net");
        return Map.of(
                about("example.org"), List.of(Relay.parse("smtps://user:secret@relay1.example.net"), relay2),
                about("a.example.org"), List.of(relay2),
                about("a.b.example.org"), List.of(Relay.parse("smtp://relay3.example.net")),
                about("b.example.org"), List.of(relay2),
                about("anexample.org"), List.of(),
                about("[192.0.2.1]"), List.of(Relay.parse("smtp://relay2.example.net:2525")),
                about("[192.0.2.2]"), List.of());
    }

    private static Question about(String domain) {
        return new Question(
                Domain.parse(domain),
                Optional.empty(),
                List.of(Mailbox.parse("user@" + domain)),
                new Families(Set.of(Family.IPV6), Set.of(Family.IPV4)),
                Reason.OTHER_FAMILY);
    }

    @Test
    void theWildcardMatchesAllDomainsAndLiterals() {
        RelaySelector selector = RoutingTableRelaySelector.of("table", List.of("* smtp://relay3.example.net"));
        List<Relay> relays = List.of(Relay.parse("smtp://relay3.example.net"));
        assertEquals(relays, selector.select(about("example.com")));
        assertEquals(relays, selector.select(about("[IPv6:2001:db8::1]")));
    }

    @Test
    void aMistakeIsNamed() {
        expectComplaint(
                "example..org smtp://relay",
                "table, line 2: The host name \"example..org\"",
                "allowed are example.org, .example.org");
        expectComplaint("example.org", "table, line 2: \"example.org\" has no relay", "smtp://relay.example.net");
        expectComplaint("* http://relay", "table, line 2: The relay URL", "allowed are smtp:// and smtps://");
        expectComplaint("EXAMPLE.com smtp://relay", "table, line 2: \"EXAMPLE.com\" already has a line", "allowed");
    }

    private static void expectComplaint(String line, String beginning, String allowed) {
        List<String> lines = List.of("example.com smtp://relay", line);
        IllegalArgumentException complaint =
                assertThrows(IllegalArgumentException.class, () -> RoutingTableRelaySelector.of("table", lines));
        String message = String.valueOf(complaint.getMessage());
        assertEquals(true, message.startsWith(beginning) && message.contains(allowed), message);
    }
}
