// SPDX-License-Identifier: Apache-2.0
package org.postroad.embedding.libraries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.AppenderComponentBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.embedding.TwoDomains;

/** Log4j's SMTP appender, which reads the properties of the JVM. It demands a host, which is not used. It brings API and implementation in one jar. */
@Timeout(60)
class Log4jTest extends LibraryTesting {

    private void log() {
        setSystemProperties(properties());
        ConfigurationBuilder<BuiltConfiguration> builder = ConfigurationBuilderFactory.newConfigurationBuilder();
        AppenderComponentBuilder appender = builder.newAppender("mail", "SMTP")
                .addAttribute("smtpProtocol", "mx")
                .addAttribute("smtpHost", "unused.invalid")
                .addAttribute("from", TwoDomains.SENDER)
                .addAttribute("to", TwoDomains.ONE + "," + TwoDomains.TWO)
                .addAttribute("subject", "Error")
                .addAttribute("ignoreExceptions", false)
                .add(builder.newLayout("PatternLayout").addAttribute("pattern", "%m%n"));
        builder.add(appender).add(builder.newRootLogger(Level.ERROR).add(builder.newAppenderRef("mail")));
        try (LoggerContext context = Configurator.initialize(builder.build())) {
            context.getLogger("shop").error("The warehouse is on fire");
        }
    }

    @Test
    void mx_bySystemProperties() {
        log();
        assertArrived();
        assertThat(net.texts()).allSatisfy(text -> assertThat(text).contains("The warehouse is on fire"));
    }

    @Test
    void mx_theReportIsInTheCauseOfTheCause() {
        refuseTheSecond();
        assertTells(catchThrowable(this::log).getCause().getCause());
    }
}
