// SPDX-License-Identifier: Apache-2.0
/**
 * Composition root: {@link org.postroad.provider.internal.engine.Engine} creates the services of the other packages from the settings and
 * sends messages. One engine serves all Sessions with equal settings, so that the DNS cache outlives a Session.
 * {@link org.postroad.provider.internal.engine.PluginDiscovery} finds the plug-ins of a send.
 *
 * <p>Thread-safe. An idle engine owns no thread and no socket, and holds no object of an application: plug-ins belong to a send, and an
 * instance created here is kept by its own class.
 */
@NullMarked
package org.postroad.provider.internal.engine;

import org.jspecify.annotations.NullMarked;
