// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.postroad.provider.internal.log;

import org.jspecify.annotations.NullMarked;
