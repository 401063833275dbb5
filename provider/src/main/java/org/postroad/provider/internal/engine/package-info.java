// SPDX-License-Identifier: Apache-2.0
/**
 * Composition root: creates the services of the other packages from the settings, and sends messages with them. One engine serves all
 * Sessions with equal settings, so that the DNS cache outlives a Session.
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.engine.Engine#send}: delivers a message to all its domains;
 *   <li>{@code DeliveryPlanner}: wires up one send; {@code OneSend}: what its deliveries share; {@code DomainTask}: one of them, as a task;
 *   <li>{@code Resolvers}: DNS resolvers with their caches, and what uses them: {@code MailHttps} and {@code MtaStsPolicies};
 *   <li>{@link org.postroad.provider.internal.engine.PluginDiscovery}: finds the plug-ins of a send, and lists where each was found;
 *       {@code CdiBeans} and {@code CdiObservers} are its part that uses CDI;
 *   <li>{@link org.postroad.provider.internal.engine.OpenQueues}: the queues that are open in this process, which deliver through
 *       {@link org.postroad.provider.internal.engine.EngineDeliveryAgent};
 *   <li>{@link org.postroad.provider.internal.engine.AsyncSends}: the threads of asynchronous sends.
 * </ol>
 *
 * <p>Never here: protocols, and decisions about a delivery.
 *
 * <p>Thread-safe. An idle engine owns no thread and no socket, and holds no object of an application: plug-ins belong to a send, and an
 * instance created here is kept by its own class.
 */
@NullMarked
package org.postroad.provider.internal.engine;

import org.jspecify.annotations.NullMarked;
