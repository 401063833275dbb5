// SPDX-License-Identifier: Apache-2.0
package org.postroad.embedding.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.net.SMTPAppender;
import ch.qos.logback.core.status.Status;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.embedding.TwoDomains;
import org.slf4j.LoggerFactory;

/** Logback's SMTPAppender, which reads the properties of the JVM. */
@Timeout(60)
class LogbackTest extends LibraryTesting {

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    @AfterEach
    void forget() {
        context.reset();
        context.getStatusManager().clear();
    }

    private void log() {
        setSystemProperties(properties());
        context.reset();
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.setPattern("%msg%n");
        layout.start();
        SMTPAppender appender = new SMTPAppender();
        appender.setContext(context);
        appender.setLayout(layout);
        appender.setFrom(TwoDomains.SENDER);
        appender.addTo(TwoDomains.ONE);
        appender.addTo(TwoDomains.TWO);
        appender.setSubject("Error");
        appender.setAsynchronousSending(false);
        appender.start();
        context.getLogger("root").addAppender(appender);
        context.getLogger("shop").error("The warehouse is on fire");
    }

    @Test
    void mx_bySystemProperties() {
        log();
        assertArrived();
        assertThat(net.texts()).allSatisfy(text -> assertThat(text).contains("The warehouse is on fire"));
    }

    @Test
    void mx_theReportIsInTheStatus() {
        refuseTheSecond();
        log();
        List<Throwable> failures = context.getStatusManager().getCopyOfStatusList().stream()
                .map(Status::getThrowable)
                .filter(Objects::nonNull)
                .toList();
        assertThat(failures).singleElement().satisfies(this::assertTells);
    }
}
