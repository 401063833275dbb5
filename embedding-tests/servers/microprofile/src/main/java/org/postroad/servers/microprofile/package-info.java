// SPDX-License-Identifier: Apache-2.0
/** A MicroProfile application that sends mail directly and through the queue. */
@NullMarked
package org.postroad.servers.microprofile;

import org.jspecify.annotations.NullMarked;
