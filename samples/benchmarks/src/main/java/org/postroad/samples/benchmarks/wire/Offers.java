// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * What the sink offers in its reply to EHLO, besides SIZE, 8BITMIME and ENHANCEDSTATUSCODES.
 *
 * @param pipelining PIPELINING
 * @param chunking CHUNKING
 * @param startTls STARTTLS, with this certificate
 */
public record Offers(boolean pipelining, boolean chunking, Optional<SSLContext> startTls) {

    public static final Offers NEITHER = new Offers(false, false, Optional.empty());
    public static final Offers PIPELINING = new Offers(true, false, Optional.empty());
    public static final Offers PIPELINING_AND_CHUNKING = new Offers(true, true, Optional.empty());

    /** Returns a copy with STARTTLS. */
    public Offers with(SSLContext certificate) {
        return new Offers(pipelining, chunking, Optional.of(certificate));
    }

    List<String> keywords(boolean encrypted) {
        List<String> keywords = new ArrayList<>(List.of("SIZE 104857600", "8BITMIME", "ENHANCEDSTATUSCODES"));
        if (pipelining) {
            keywords.add("PIPELINING");
        }
        if (chunking) {
            keywords.add("CHUNKING");
        }
        if (startTls.isPresent() && !encrypted) {
            keywords.add("STARTTLS");
        }
        return keywords;
    }

    @Override
    public String toString() {
        List<String> names = new ArrayList<>(keywords(false));
        names.removeAll(NEITHER.keywords(false));
        return names.isEmpty() ? "neither" : String.join(", ", names);
    }
}
