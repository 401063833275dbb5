// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.conformance;

import java.util.EnumSet;
import java.util.Set;
import org.postroad.provider.internal.connect.SocketConnector;
import org.postroad.spi.Connector;
import org.postroad.tck.ConnectorTck;
import org.postroad.tck.catalogue.Feature;

/** The built-in way to connect. */
class SocketConnectorConformanceTest extends ConnectorTck {

    @Override
    protected Connector create() {
        return new SocketConnector();
    }

    @Override
    protected Set<Feature> features() {
        return EnumSet.of(Feature.SOURCE_ADDRESS);
    }
}
