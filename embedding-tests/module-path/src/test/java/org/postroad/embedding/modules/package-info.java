// SPDX-License-Identifier: Apache-2.0
/** Runs the application as a module, with the jars that it needs and no others. */
@NullMarked
package org.postroad.embedding.modules;

import org.jspecify.annotations.NullMarked;
