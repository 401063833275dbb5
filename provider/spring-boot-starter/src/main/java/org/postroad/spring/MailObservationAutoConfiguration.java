// SPDX-License-Identifier: Apache-2.0
package org.postroad.spring;

import io.micrometer.observation.ObservationRegistry;
import org.postroad.provider.ObservationListener;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** Observes sends if there is an {@code ObservationRegistry}, unless the settings have a listener. */
@AutoConfiguration
@ConditionalOnClass({JavaMailSenderImpl.class, ObservationRegistry.class})
@ConditionalOnProperty(name = "postroad.observations.enabled", matchIfMissing = true)
@ConditionalOnExpression("{'mx', 'mxqueue'}.contains('${spring.mail.protocol:}')")
public class MailObservationAutoConfiguration {

    private static final String LISTENER = "mail.mx.listener";

    /** Called by Spring. */
    public MailObservationAutoConfiguration() {}

    /** The sender has the listener before anybody gets it. */
    @Bean
    static BeanPostProcessor mailObservationListener(ObjectProvider<ObservationRegistry> registries) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof JavaMailSenderImpl sender
                        && !sender.getJavaMailProperties().containsKey(LISTENER)) {
                    registries.ifUnique(registry ->
                            sender.getJavaMailProperties().put(LISTENER, new ObservationListener(registry)));
                }
                return bean;
            }
        };
    }
}
