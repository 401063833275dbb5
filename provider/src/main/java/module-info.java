// SPDX-License-Identifier: Apache-2.0
/**
 * Jakarta Mail transports for the protocols {@code mx} (direct delivery to mail exchangers) and {@code mxqueue} (the same from a durable
 * queue). The package {@link org.postroad.provider} describes all settings.
 */
module org.postroad.provider {
    requires transitive org.postroad.api;
    requires jakarta.mail;
    requires org.dnsjava;
    requires java.management;
    requires java.naming;
    requires java.security.sasl;
    requires java.sql;
    requires com.ongres.scram.common;
    requires static org.eclipse.angus.mail;
    requires static com.github.kagkarlsson.scheduler;
    requires static jakarta.cdi;
    requires static jakarta.inject;
    requires static jakarta.servlet;
    requires static jakarta.transaction;
    requires static org.eclipse.microprofile.config;
    requires static com.ibm.icu;
    requires static jakarta.json;
    requires static micrometer.commons;
    requires static micrometer.observation;
    requires static jdk.jfr;
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;

    exports org.postroad.provider;

    // CDI containers create the beans in it.
    opens org.postroad.provider.internal.cdi;

    uses org.postroad.spi.AddressOrder;
    uses org.postroad.spi.Connector;
    uses org.postroad.spi.DeliveryListener;
    uses org.postroad.spi.MailDns;
    uses org.postroad.api.CredentialsSource;
    uses org.postroad.spi.RelaySelector;

    provides jakarta.mail.Provider with
            org.postroad.provider.MxProvider,
            org.postroad.provider.MxQueueProvider;
}
