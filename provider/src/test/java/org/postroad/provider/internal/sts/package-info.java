// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.postroad.provider.internal.sts;

import org.jspecify.annotations.NullMarked;
