// SPDX-License-Identifier: Apache-2.0
/**
 * The composition root: {@link org.postroad.provider.internal.engine.Engine} builds the rooms from the settings, sends, and is
 * closed. One engine serves every Session with equal settings, so that the DNS cache outlives a Session.
 * {@link org.postroad.provider.internal.engine.Discovery} finds the plug-ins of a send.
 *
 * <p>Thread-safe. An idle engine owns no thread and no socket, and nothing of an application's: plug-ins come with a send and go with
 * it, and an instance that we made is kept by its own class.
 */
@NullMarked
package org.postroad.provider.internal.engine;

import org.jspecify.annotations.NullMarked;
