// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import static org.postroad.provider.fuzz.Fuzzing.check;
import static org.postroad.provider.fuzz.Fuzzing.checkNoControl;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.postroad.api.Credentials;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Relay;
import org.postroad.provider.fuzz.Fuzzing;

/** Fuzzes the URL of a relay. */
class RelayFuzz {

    @FuzzTest
    void urls(byte[] input) {
        Fuzzing.linear(input, () -> checkUrls(input));
    }

    private void checkUrls(byte[] input) {
        String text = Fuzzing.text(input);
        Fuzzing.read(() -> Relay.parse(text)).ifPresent(relay -> {
            checkNoControl(relay.toString());
            check(Relay.parse(url(relay)).equals(relay), () -> relay + " written as a URL is something else");
            if (relay.credentials().isPresent()) {
                checkSecrecy(text, relay);
            }
        });
    }

    private static String url(Relay relay) {
        StringBuilder url = new StringBuilder(relay.tls() == Relay.Tls.IMPLICIT ? "smtps://" : "smtp://");
        relay.credentials()
                .ifPresent(credentials -> url.append(encoded(credentials.user()))
                        .append(':')
                        .append(encoded(credentials.secret()))
                        .append('@'));
        url.append(relay.host().fold(HostName::text, IpAddress::literal))
                .append(':')
                .append(relay.port());
        if (relay.tls() != Relay.Tls.IMPLICIT) {
            url.append(";starttls=").append(relay.tls().name().toLowerCase(Locale.ROOT));
        }
        relay.credentials()
                .flatMap(Credentials::mechanism)
                .ifPresent(name -> url.append(";auth=").append(name));
        relay.fingerprint().ifPresent(digest -> url.append(";fingerprint=").append(digest));
        return url.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Checks that neither the shown relay nor an error message depends on the password. */
    private static void checkSecrecy(String text, Relay relay) {
        int password = text.indexOf(':', text.indexOf("://") + 3) + 1;
        String other = text.substring(0, password) + "another" + text.substring(text.lastIndexOf('@'));
        check(relay.toString().equals(Relay.parse(other).toString()), () -> "shown: " + relay);
        String complaint = complaint(text + ";mistake");
        check(complaint.equals(complaint(other + ";mistake")), () -> "told: " + complaint);
    }

    private static String complaint(String mistaken) {
        try {
            throw new AssertionError("An unknown option was taken: " + Relay.parse(mistaken));
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
