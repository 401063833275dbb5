// SPDX-License-Identifier: Apache-2.0
/**
 * Reads {@code mail.mx.*} properties. {@link org.postroad.provider.internal.config.Settings#read} converts them into the settings of the
 * other packages, which never read a property themselves. {@code PropertyNames} lists the names.
 *
 * <p>An object takes precedence over a text; texts may come from the defaults of the {@code Properties}. A value that cannot be read is an
 * error that names the property, its value and the allowed values. An unknown name is a warning that suggests the nearest known one.
 */
@NullMarked
package org.postroad.provider.internal.config;

import org.jspecify.annotations.NullMarked;
