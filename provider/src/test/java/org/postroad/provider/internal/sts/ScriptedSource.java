// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.postroad.api.Deadline;
import org.postroad.api.HostName;

/** A source with scripted answers that counts fetches. */
final class ScriptedSource implements PolicySource {

    private final AtomicInteger fetches = new AtomicInteger();
    private volatile Script script = () -> policy("enforce", Duration.ofDays(1));

    interface Script {
        String answer() throws IOException, InterruptedException;
    }

    @Override
    public byte[] fetch(HostName domain, Deadline deadline) throws IOException, InterruptedException {
        fetches.incrementAndGet();
        return script.answer().getBytes(StandardCharsets.UTF_8);
    }

    void answers(Script answer) {
        script = answer;
    }

    void serves(String policy) {
        script = () -> policy;
    }

    void fails(String why) {
        script = () -> {
            throw new IOException(why);
        };
    }

    int fetches() {
        return fetches.get();
    }

    static String policy(String mode, Duration maxAge) {
        return "version: STSv1\nmode: " + mode + "\nmx: mx.example.test\nmax_age: " + maxAge.toSeconds() + "\n";
    }
}
