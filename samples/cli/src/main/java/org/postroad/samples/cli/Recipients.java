// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import jakarta.mail.Address;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.List;

/** Reads the recipients on the command line. */
final class Recipients {

    private Recipients() {}

    /** Returns the addresses. A domain alone stands for its postmaster; Postroad says what is wrong with a malformed one. */
    static List<Address> parse(List<String> texts) {
        List<Address> addresses = new ArrayList<>();
        for (String text : texts) {
            InternetAddress address = new InternetAddress();
            address.setAddress(text.contains("@") ? text : "postmaster@" + text);
            addresses.add(address);
        }
        return addresses;
    }
}
