// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import jakarta.mail.Address;
import jakarta.mail.internet.InternetAddress;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The recipients on the command line. */
final class Recipients {

    @Parameters(
            arity = "1..*",
            paramLabel = "ADDRESS",
            description = "A recipient such as someone@example.org. A domain alone stands for its postmaster.")
    private List<String> texts = List.of();

    /** Returns the addresses. A domain alone stands for its postmaster; Postroad says what is wrong with a malformed one. */
    Address[] addresses() {
        return texts.stream().map(Recipients::address).toArray(Address[]::new);
    }

    private static Address address(String text) {
        InternetAddress address = new InternetAddress();
        address.setAddress(text.contains("@") ? text : "postmaster@" + text);
        return address;
    }
}
