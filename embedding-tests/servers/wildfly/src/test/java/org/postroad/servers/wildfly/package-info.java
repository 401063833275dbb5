// SPDX-License-Identifier: Apache-2.0
/** The web application in WildFly. */
@NullMarked
package org.postroad.servers.wildfly;

import org.jspecify.annotations.NullMarked;
