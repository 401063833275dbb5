// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.envelope;

/** RET: how much of the message a notice of failure must return (RFC 3461 §4.3). The queue stores the names. */
public enum Returned {
    FULL,
    HDRS
}
