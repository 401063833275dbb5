// SPDX-License-Identifier: Apache-2.0
/** An application of Micronaut that sends mail directly and through the queue. */
@NullMarked
package org.postroad.servers.micronaut;

import org.jspecify.annotations.NullMarked;
