// SPDX-License-Identifier: Apache-2.0
/**
 * Mail that is sent if and only if a transaction commits: {@link org.postroad.samples.outbox.JdbcShop} uses its own JDBC
 * connection, {@link org.postroad.samples.outbox.JtaShop} works as in a container. {@link org.postroad.samples.outbox.Outbox}
 * orders from both and checks what arrives.
 */
@NullMarked
package org.postroad.samples.outbox;

import org.jspecify.annotations.NullMarked;
