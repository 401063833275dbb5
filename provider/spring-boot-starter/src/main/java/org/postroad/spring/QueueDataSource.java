// SPDX-License-Identifier: Apache-2.0
package org.postroad.spring;

import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** Puts the queue into the application's database, within the transactions of Spring, unless the settings say where it is. */
final class QueueDataSource implements BeanPostProcessor {

    private static final String URL = "mail.mx.queue.url";
    private static final String DATA_SOURCE = "mail.mx.queue.datasource";

    private final ObjectProvider<DataSource> dataSources;

    QueueDataSource(ObjectProvider<DataSource> dataSources) {
        this.dataSources = dataSources;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof JavaMailSenderImpl sender) {
            Properties settings = sender.getJavaMailProperties();
            if (!settings.containsKey(URL) && !settings.containsKey(DATA_SOURCE)) {
                dataSources.ifUnique(dataSource -> settings.put(DATA_SOURCE, inTransactions(dataSource)));
            }
        }
        return bean;
    }

    private static DataSource inTransactions(DataSource dataSource) {
        return dataSource instanceof TransactionAwareDataSourceProxy
                ? dataSource
                : new TransactionAwareDataSourceProxy(dataSource);
    }
}
