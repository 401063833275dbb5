// SPDX-License-Identifier: Apache-2.0
/**
 * What a native image (GraalVM) needs: metadata about reflection and resources in the jar, and static initialisers that may run when the
 * image is built. No native image is built here; {@link org.postroad.provider.nativeimage.ReflectionScan} reads the bytecode instead.
 */
@NullMarked
package org.postroad.provider.nativeimage;

import org.jspecify.annotations.NullMarked;
