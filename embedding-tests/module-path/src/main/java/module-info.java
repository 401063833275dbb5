// SPDX-License-Identifier: Apache-2.0
/** A modular application as a user writes it. Only what it calls is required here. */
module org.postroad.embedding.modules {
    requires jakarta.mail;
    requires org.postroad.provider;
    requires static org.jspecify;

    provides org.postroad.spi.Connector with
            org.postroad.embedding.modules.DocumentationNetwork;
}
