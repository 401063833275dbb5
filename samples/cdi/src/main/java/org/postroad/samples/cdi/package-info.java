// SPDX-License-Identifier: Apache-2.0
/** An application in a CDI container: an injected Session, a relay selector and an observer that are beans. */
@NullMarked
package org.postroad.samples.cdi;

import org.jspecify.annotations.NullMarked;
