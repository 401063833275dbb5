// SPDX-License-Identifier: Apache-2.0
/** A web application that sends mail directly and through the queue; the server is configured so that its mail sessions use Postroad. */
@NullMarked
package org.postroad.samples.webapp;

import org.jspecify.annotations.NullMarked;
