// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The shutdown hook belongs to an open queue and is removed with it. */
class ShutdownHookTest {

    @Test
    void queue_theHookIsRemovedOnce() {
        ShutdownHook hook = new ShutdownHook(() -> {});
        assertThat(hook.isInstalled()).isTrue();
        assertThat(hook.remove()).isTrue();
        assertThat(hook.remove()).isFalse();
    }
}
