// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.postroad.provider.internal.tlsrpt;

import org.jspecify.annotations.NullMarked;
