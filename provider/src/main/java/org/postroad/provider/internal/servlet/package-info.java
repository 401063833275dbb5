// SPDX-License-Identifier: Apache-2.0
/**
 * What a servlet container calls: queues of a web application are opened when it starts, and everything of it is closed when it stops. Loaded
 * in servlet containers only.
 */
@NullMarked
package org.postroad.provider.internal.servlet;

import org.jspecify.annotations.NullMarked;
