// SPDX-License-Identifier: Apache-2.0
package org.postroad.spring;

import org.postroad.provider.MailQueue;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Shows the queue in the actuator: the endpoint {@code mailqueue} and the health {@code mailQueue}. */
@AutoConfiguration(after = MailQueueAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.annotation.Endpoint")
@ConditionalOnBean(MailQueue.class)
public class MailQueueActuatorAutoConfiguration {

    private static final String HEALTH = "mailQueueHealthIndicator";
    private static final String HEALTH_ENABLED = "management.health.mailqueue.enabled";
    private static final String UNREADABLE = "The mail queue cannot be read";

    /** Called by Spring. */
    public MailQueueActuatorAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    MailQueueEndpoint mailQueueEndpoint(MailQueue queue) {
        return new MailQueueEndpoint(queue);
    }

    /** The health of Boot 3. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.actuate.health.AbstractHealthIndicator")
    @ConditionalOnProperty(name = HEALTH_ENABLED, matchIfMissing = true)
    static class HealthOfBoot3 {

        @Bean(HEALTH)
        @ConditionalOnMissingBean(name = HEALTH)
        org.springframework.boot.actuate.health.HealthIndicator health(MailQueue queue) {
            return new org.springframework.boot.actuate.health.AbstractHealthIndicator(UNREADABLE) {
                @Override
                protected void doHealthCheck(org.springframework.boot.actuate.health.Health.Builder health) {
                    health.up().withDetails(MailQueueEndpoint.statistics(queue));
                }
            };
        }
    }

    /** The health of Boot 4. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.health.contributor.AbstractHealthIndicator")
    @ConditionalOnProperty(name = HEALTH_ENABLED, matchIfMissing = true)
    static class HealthOfBoot4 {

        @Bean(HEALTH)
        @ConditionalOnMissingBean(name = HEALTH)
        org.springframework.boot.health.contributor.HealthIndicator health(MailQueue queue) {
            return new org.springframework.boot.health.contributor.AbstractHealthIndicator(UNREADABLE) {
                @Override
                protected void doHealthCheck(org.springframework.boot.health.contributor.Health.Builder health) {
                    health.up().withDetails(MailQueueEndpoint.statistics(queue));
                }
            };
        }
    }
}
