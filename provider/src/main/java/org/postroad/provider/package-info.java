// SPDX-License-Identifier: Apache-2.0
/** The Jakarta Mail transport for the protocol {@code mx}. */
@NullMarked
package org.postroad.provider;

import org.jspecify.annotations.NullMarked;
