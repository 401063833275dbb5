// SPDX-License-Identifier: Apache-2.0
/** The web application in Payara Micro. */
@NullMarked
package org.postroad.servers.payara;

import org.jspecify.annotations.NullMarked;
