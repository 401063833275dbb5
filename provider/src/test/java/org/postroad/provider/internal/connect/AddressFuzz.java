// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import static org.postroad.provider.fuzz.Fuzzing.check;
import static org.postroad.provider.fuzz.Fuzzing.checkShowable;
import static org.postroad.provider.fuzz.Fuzzing.readTwice;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.postroad.api.DnsName;
import org.postroad.api.Domain;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.provider.fuzz.Fuzzing;
import org.postroad.provider.internal.dns.Idna;

/** Parses arbitrary text as an address, host or network. */
class AddressFuzz {

    @FuzzTest
    void addresses(byte[] input) {
        Fuzzing.linear(input, () -> checkAll(input));
    }

    private static void checkAll(byte[] input) {
        String text = Fuzzing.text(input);
        readTwice(text, Mailbox::parse, Mailbox::toString).ifPresent(AddressFuzz::checkMailbox);
        readTwice(text, Idna::toMailbox, Mailbox::toString).ifPresent(AddressFuzz::checkMailbox);
        readTwice(text, Domain::parse, Domain::toString);
        readTwice(text, HostName::parse, HostName::toString).ifPresent(AddressFuzz::checkName);
        readTwice(text, Idna::toHostName, HostName::toString).ifPresent(AddressFuzz::checkName);
        readTwice(text, Host::parse, Host::toString);
        readTwice(text, Host::parse, host -> host.fold(HostName::text, IpAddress::literal));
        readTwice(text, IpAddress::parse, IpAddress::toString).ifPresent(AddressFuzz::checkAddress);
        readTwice(text, IpAddress::parseLiteral, IpAddress::literal);
        readTwice(text, Cidr::parse, Cidr::toString).ifPresent(range -> {
            check(range.contains(range.network()), () -> range + " does not contain its own beginning");
        });
        readTwice(text, Nat64Prefix::parse, Nat64Prefix::toString);
        readTwice(
                text,
                each -> EnhancedStatus.tryParse(each).orElseThrow(IllegalArgumentException::new),
                Object::toString);
        Fuzzing.read(() -> new DnsName(text)).ifPresent(AddressFuzz::checkDnsName);
    }

    private static void checkMailbox(Mailbox mailbox) {
        check(mailbox.toString().length() <= Mailbox.MAX_LENGTH, () -> "too long: " + mailbox);
        String outsideQuotes = mailbox.toString().replaceAll("\"(\\\\.|[^\"\\\\])*\"", "");
        check(outsideQuotes.matches("[^<> \"]*"), () -> "more than one word in a command: " + mailbox);
    }

    private static void checkName(HostName name) {
        check(name.text().matches("[a-z0-9_.-]{1,253}"), () -> "no host has the name " + name);
        check(IpAddress.tryParse("[" + name + "]").isEmpty(), () -> "a name that is a literal: " + name);
    }

    private static void checkAddress(IpAddress address) {
        check(IpAddress.of(address.family(), address.octets()).equals(address), () -> "other octets: " + address);
        check(address.toInetAddress().getAddress() != null, () -> "no socket takes " + address);
    }

    private static void checkDnsName(DnsName name) {
        checkShowable(name.toString());
        check(
                name.hostName().isEmpty() || name.hostName().get().text().equals(name.text()),
                () -> "not itself: " + name);
    }
}
