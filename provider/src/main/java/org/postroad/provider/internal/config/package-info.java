// SPDX-License-Identifier: Apache-2.0
/**
 * The one place that reads {@code mail.mx.*} properties. {@link org.postroad.provider.internal.config.Settings#read} makes the
 * rooms' own settings of them; no room ever sees a property.
 *
 * <p>Objects first, then strings, defaults of the {@code Properties} included. What cannot be read is an error that names the
 * property, its value and what is allowed; an unknown name is a warning with the nearest known one.
 */
@NullMarked
package org.postroad.provider.internal.config;

import org.jspecify.annotations.NullMarked;
