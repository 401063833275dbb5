// SPDX-License-Identifier: Apache-2.0
/** The main job in one command: plain Jakarta Mail code, sent straight to the mail exchangers. */
@NullMarked
package org.postroad.samples.quickstart;

import org.jspecify.annotations.NullMarked;
