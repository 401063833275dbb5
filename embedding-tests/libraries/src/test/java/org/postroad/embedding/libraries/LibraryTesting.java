// SPDX-License-Identifier: Apache-2.0
package org.postroad.embedding.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.postroad.api.RecipientReport;
import org.postroad.api.Verdict;
import org.postroad.embedding.TwoDomains;
import org.postroad.provider.MxSendFailedException;
import org.postroad.provider.Postroad;

/** Two domains on loopback, and what a failure must look like after it has passed through a library. */
abstract class LibraryTesting {

    /** The reply of a server that refuses the second recipient. */
    static final String REFUSAL = "550 5.1.1 no such user";

    TwoDomains net;
    private final Set<String> systemProperties = new HashSet<>();

    @BeforeEach
    void start() throws IOException {
        net = TwoDomains.start();
    }

    @AfterEach
    void stop() throws IOException {
        Postroad.close();
        net.close();
        systemProperties.forEach(System::clearProperty);
    }

    Properties properties() {
        return net.properties("mx");
    }

    /** For libraries that read the properties of the JVM. */
    void setSystemProperties(Properties properties) {
        properties.stringPropertyNames().forEach(name -> {
            systemProperties.add(name);
            System.setProperty(name, properties.getProperty(name));
        });
    }

    void assertArrived() {
        assertThat(net.recipients()).containsExactly(TwoDomains.ONE, TwoDomains.TWO);
    }

    void refuseTheSecond() {
        net.two().onCommand("RCPT", REFUSAL);
    }

    /** Checks the exception about a refused second recipient: its first line, and its report. */
    void assertTells(Throwable failure) {
        assertThat(failure).isInstanceOfSatisfying(MxSendFailedException.class, ours -> {
            assertThat(String.valueOf(ours.getMessage()).lines().findFirst().orElse(""))
                    .startsWith("Not accepted for 1 of 2 recipients: <b@two.test> FAILED 5.1.1")
                    .contains("no such user");
            assertThat(ours.report().recipients())
                    .extracting(RecipientReport::verdict)
                    .containsExactly(Verdict.DELIVERED, Verdict.FAILED);
        });
        assertThat(failure).hasNoCause();
    }
}
