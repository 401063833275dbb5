// SPDX-License-Identifier: Apache-2.0
/**
 * The composition root: {@link org.postroad.provider.internal.engine.Engine} builds the rooms from the settings, sends, and is
 * closed. One engine serves every Session with equal settings, so that the DNS cache outlives a Session.
 *
 * <p>Thread-safe. An idle engine owns no thread and no socket.
 */
@NullMarked
package org.postroad.provider.internal.engine;

import org.jspecify.annotations.NullMarked;
