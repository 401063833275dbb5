// SPDX-License-Identifier: Apache-2.0
/**
 * Reads {@code mail.mx.*} properties. {@link org.postroad.provider.internal.config.Settings#read} converts them into the settings of the
 * other packages, which never read a property themselves. {@code PropertyNames} lists the names.
 *
 * <p>An object takes precedence over a text; texts may come from the defaults of the {@code Properties}. A value that cannot be read is a
 * {@link org.postroad.provider.internal.config.SettingsException} that names the property, its value and the allowed values. An
 * unknown name is a warning that suggests the nearest known one.
 *
 * <p>The readers of one group of settings each ({@code DnsReader}, {@code QueueReader} and others) use {@code PropertyReader}, which knows
 * the forms of single values, with {@code ObjectText} for objects in place of text. Never here: {@code jakarta.mail} types; the caller
 * converts them to text before. All types are stateless or immutable, and safe for use by several threads.
 */
@NullMarked
package org.postroad.provider.internal.config;

import org.jspecify.annotations.NullMarked;
