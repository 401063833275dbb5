// SPDX-License-Identifier: Apache-2.0
/** A first example: plain Jakarta Mail code that sends directly to the mail exchangers. */
@NullMarked
package org.postroad.samples.quickstart;

import org.jspecify.annotations.NullMarked;
