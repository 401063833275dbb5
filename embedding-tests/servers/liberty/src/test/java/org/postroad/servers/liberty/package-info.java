// SPDX-License-Identifier: Apache-2.0
/** The web application in Open Liberty. */
@NullMarked
package org.postroad.servers.liberty;

import org.jspecify.annotations.NullMarked;
