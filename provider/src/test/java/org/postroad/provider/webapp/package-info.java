// SPDX-License-Identifier: Apache-2.0
/** A web application with Postroad, in an embedded Tomcat: sends, starts and stops; {@code WebApplicationTest} looks at what is left behind. */
@NullMarked
package org.postroad.provider.webapp;

import org.jspecify.annotations.NullMarked;
