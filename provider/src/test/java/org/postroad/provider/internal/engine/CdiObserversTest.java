// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postroad.api.DeliveryEvent;

/** Whether there are observers is asked for each kind of event. */
class CdiObserversTest {

    @Test
    void samples_haveAnEventOfEachKind() {
        List<Class<?>> kinds = Arrays.stream(DeliveryEvent.class.getDeclaredClasses())
                .filter(DeliveryEvent.class::isAssignableFrom)
                .<Class<?>>map(kind -> kind)
                .toList();
        assertThat(kinds).isNotEmpty();
        assertThat(CdiObservers.Samples.EVENTS)
                .<Class<?>>extracting(Object::getClass)
                .containsExactlyInAnyOrderElementsOf(kinds);
    }
}
