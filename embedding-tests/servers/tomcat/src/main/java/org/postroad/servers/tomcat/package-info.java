// SPDX-License-Identifier: Apache-2.0
/** The web application in Tomcat. */
@NullMarked
package org.postroad.servers.tomcat;

import org.jspecify.annotations.NullMarked;
