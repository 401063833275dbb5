// SPDX-License-Identifier: Apache-2.0
/** A modular application that sends one message. */
@NullMarked
package org.postroad.embedding.modules;

import org.jspecify.annotations.NullMarked;
