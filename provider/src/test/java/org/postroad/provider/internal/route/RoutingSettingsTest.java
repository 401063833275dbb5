// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.postroad.spi.AddressOrder;

/** Limits on settings, and what a send can change. */
class RoutingSettingsTest {

    private static final AddressOrder ORDER = (addresses, random) -> addresses;

    private static final RoutingSettings SETTINGS = new RoutingSettings(
            (addresses, random) -> addresses,
            true,
            new RoutingSettings.LookupLimits(1, 2),
            new RoutingSettings.RelayUse(1, true));

    @Test
    void ORDER_05_withOrderChangesOnlyTheOrder() {
        assertThat(SETTINGS.with(ORDER))
                .isEqualTo(new RoutingSettings(ORDER, true, SETTINGS.limits(), SETTINGS.relay()));
    }

    @Test
    void ORDER_07_limitsBelowTheMinimumAreRefused() {
        assertThatThrownBy(() -> new RoutingSettings.LookupLimits(0, 2)).hasMessageContaining("not 0 and 2");
        assertThatThrownBy(() -> new RoutingSettings.LookupLimits(1, 1)).hasMessageContaining("not 1 and 1");
        assertThatThrownBy(() -> new RoutingSettings.RelayUse(0, true)).hasMessageContaining("not 0 times");
    }
}
