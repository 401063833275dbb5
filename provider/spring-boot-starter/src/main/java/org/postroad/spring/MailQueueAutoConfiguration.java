// SPDX-License-Identifier: Apache-2.0
package org.postroad.spring;

import jakarta.mail.MessagingException;
import javax.sql.DataSource;
import org.postroad.provider.MailQueue;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** Opens the queue for {@code mxqueue}, in the application's database if there is one, and closes it with the context. */
@AutoConfiguration(
        after = MxMailSenderAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
@ConditionalOnClass(JavaMailSenderImpl.class)
@ConditionalOnSingleCandidate(JavaMailSenderImpl.class)
@ConditionalOnProperty(name = "spring.mail.protocol", havingValue = "mxqueue")
public class MailQueueAutoConfiguration {

    /** Called by Spring. */
    public MailQueueAutoConfiguration() {}

    /** The DataSource is a parameter, so that the queue is closed before it. Flyway, Liquibase and SQL scripts run before the queue. */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    @ConditionalOnSingleCandidate(DataSource.class)
    @DependsOnDatabaseInitialization
    @Lazy(false)
    MailQueue mailQueue(JavaMailSenderImpl sender, DataSource dataSource) throws MessagingException {
        return MailQueue.open(sender.getSession());
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    @Lazy(false)
    MailQueue mailQueueInFile(JavaMailSenderImpl sender) throws MessagingException {
        return MailQueue.open(sender.getSession());
    }

    /** The sender has the DataSource before anybody gets it: a send that comes before the queue bean uses the same queue. */
    @Bean
    @ConditionalOnClass(name = "org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy")
    static BeanPostProcessor mailQueueDataSource(ObjectProvider<DataSource> dataSources) {
        return new QueueDataSource(dataSources);
    }
}
