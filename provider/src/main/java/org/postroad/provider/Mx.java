// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.inject.Qualifier;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Qualifies what belongs to Postroad, for CDI and any other JSR 330 injector: {@code @Mx Session} is a Session that sends through Postroad,
 * {@code @Mx Properties} are its settings.
 *
 * <p>In a CDI container, {@code @Inject @Mx Session} and {@code @Inject MailQueue} work without code. The package documentation says where
 * the settings come from.
 */
@Qualifier
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE})
public @interface Mx {}
