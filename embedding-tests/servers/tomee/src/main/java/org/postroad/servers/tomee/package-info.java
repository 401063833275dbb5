// SPDX-License-Identifier: Apache-2.0
/** The web application in TomEE. */
@NullMarked
package org.postroad.servers.tomee;

import org.jspecify.annotations.NullMarked;
