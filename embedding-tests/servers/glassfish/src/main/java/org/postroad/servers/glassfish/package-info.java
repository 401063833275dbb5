// SPDX-License-Identifier: Apache-2.0
/** The web application in GlassFish. */
@NullMarked
package org.postroad.servers.glassfish;

import org.jspecify.annotations.NullMarked;
