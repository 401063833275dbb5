// SPDX-License-Identifier: Apache-2.0
/**
 * JMX beans that are described in one place: {@link org.postroad.provider.internal.management.OpenBean} is a list of attributes and
 * operations with names, descriptions, open types and parameters; {@link org.postroad.provider.internal.management.TableType} describes
 * the rows of a table; {@link org.postroad.provider.internal.management.BeanRegistration} finds a free name in the MBean server of the
 * JVM; {@link org.postroad.provider.internal.management.SharedReading} lets the attributes of one poll share one look at a database.
 *
 * <p>Values are numbers, texts, flags, and tables of these, so that a client needs no class of Postroad. A table is keyed by its first
 * column. Times are text in ISO 8601, ages and intervals are whole seconds.
 *
 * <p>Never here: what a queue or an engine is. Beans are called on threads of the JMX server, concurrently.
 */
@NullMarked
package org.postroad.provider.internal.management;

import org.jspecify.annotations.NullMarked;
