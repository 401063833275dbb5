// SPDX-License-Identifier: Apache-2.0
/**
 * Events for JDK Flight Recorder: {@link org.postroad.provider.internal.jfr.FlightEvents} begins them where something is measured, and
 * {@link org.postroad.provider.internal.jfr.JfrSpans} has the events. They work only if the module {@code jdk.jfr} is there, and cost a
 * field read if no recording wants them. An event has hosts, IP addresses, domains, ids and status codes, but no address of a person.
 * Sees only the API. Thread-safe.
 */
@NullMarked
package org.postroad.provider.internal.jfr;

import org.jspecify.annotations.NullMarked;
