// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Address;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.NewsAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Mailbox;

/** Tests how the caller's addresses become mailboxes of the envelope. */
class RecipientsTest {

    /** Left the address as written, right as sent. UTS 46 applies where IDNA2003 would give another domain. */
    @ParameterizedTest
    @CsvSource({
        "user@Example.ORG, user@example.org",
        "user@example.org., user@example.org",
        "user@bücher.example, user@xn--bcher-kva.example",
        "user@xn--bcher-kva.example, user@xn--bcher-kva.example",
        "user@straße.example, user@xn--strae-oqa.example",
        "user@βόλος.example, user@xn--nxasmm1c.example",
        "Üser@bücher.example, Üser@xn--bcher-kva.example",
        "\"a@b\"@bücher.example, \"a@b\"@xn--bcher-kva.example",
        "user@[IPv6:2001:DB8::1], user@[IPv6:2001:db8::1]"
    })
    void recipients_theDomainIsSentInALabels(String written, String onTheWire) {
        assertThat(Recipients.mailbox(written)).hasToString(onTheWire);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "user",
                "user@",
                "@example.org",
                "user@ü..example",
                "user@[bücher]",
                "user@ü\r\n.example",
                "user@\u212a\u0000.example"
            })
    void recipients_anAddressThatIsNotAMailboxIsRefused(String written) {
        assertThatIllegalArgumentException().isThrownBy(() -> Recipients.mailbox(written));
    }

    /** The limits apply to the address as sent, not as written. */
    @Test
    void recipients_theLimitOf254OctetsCountsALabels() {
        String domain = "@bücher.example";
        int room = Mailbox.MAX_LENGTH - "@xn--bcher-kva.example".length();
        assertThat(Recipients.mailbox("a".repeat(room - 1) + domain).toString()).hasSize(253);
        assertThat(Recipients.mailbox("a".repeat(room) + domain).toString()).hasSize(254);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipients.mailbox("a".repeat(room + 1) + domain))
                .withMessageContaining("255 octets");
    }

    @Test
    void recipients_bothFormsOfADomainAreOneRecipient() throws Exception {
        Recipients recipients = Recipients.read(addresses(
                "user@xn--bcher-kva.example", "user@bücher.example", "user@BÜCHER.example", "User@bücher.example"));
        assertThat(recipients.all()).hasSize(4);
        assertThat(recipients.mailboxes())
                .extracting(Mailbox::toString)
                .containsExactly("user@xn--bcher-kva.example", "User@xn--bcher-kva.example");
        assertThat(recipients.areAllValid()).isTrue();
    }

    @Test
    void recipients_theCallersOwnObjectsAreKeptInOrder() throws Exception {
        Address[] addresses = addresses("a@example.org", "nobody", "b@bücher.example");
        Recipients recipients = Recipients.read(addresses);
        for (int i = 0; i < addresses.length; i++) {
            assertThat(recipients.all().get(i).address()).isSameAs(addresses[i]);
        }
        assertThat(recipients.areAllValid()).isFalse();
        assertThat(recipients.all().get(1).<String>fold(valid -> "valid", invalid -> invalid.reason()))
                .contains("\"nobody\"");
    }

    @Test
    void recipients_groupsAreExpandedAndEmptyOnesHaveNoRecipients() throws Exception {
        assertThat(Recipients.read(addresses("team: a@example.org, b@bücher.example;"))
                        .mailboxes())
                .extracting(Mailbox::toString)
                .containsExactly("a@example.org", "b@xn--bcher-kva.example");
        assertThatThrownBy(() -> Recipients.read(addresses("team:;")))
                .isInstanceOf(SendFailedException.class)
                .hasMessageContaining("no recipients");
        assertThatThrownBy(() -> Recipients.read(new Address[0])).hasMessageContaining("no recipients");
    }

    @Test
    void recipients_anotherKindOfAddressIsRefusedByName() {
        Address[] news = {new NewsAddress("comp.mail")};
        assertThatThrownBy(() -> Recipients.read(news))
                .isInstanceOf(SendFailedException.class)
                .hasMessageContaining("comp.mail")
                .hasMessageContaining("InternetAddress");
    }

    private static Address[] addresses(String... texts) {
        return Arrays.stream(texts)
                .map(text -> {
                    InternetAddress address = new InternetAddress();
                    address.setAddress(text);
                    return address;
                })
                .toArray(Address[]::new);
    }
}
