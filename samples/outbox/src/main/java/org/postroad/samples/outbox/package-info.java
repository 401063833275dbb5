// SPDX-License-Identifier: Apache-2.0
/**
 * Mail that is sent if and only if a transaction commits: {@link org.postroad.samples.outbox.JdbcShop} with a JDBC connection of its own,
 * {@link org.postroad.samples.outbox.JtaShop} as in a container; {@link org.postroad.samples.outbox.Outbox} orders from both, and sees what
 * arrives.
 */
@NullMarked
package org.postroad.samples.outbox;

import org.jspecify.annotations.NullMarked;
