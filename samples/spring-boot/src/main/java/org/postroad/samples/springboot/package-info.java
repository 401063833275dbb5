// SPDX-License-Identifier: Apache-2.0
/**
 * An application of Spring Boot: {@link org.postroad.samples.springboot.ShopApplication} and {@code Orders} are all of it, and
 * {@link org.postroad.samples.springboot.Demonstration} starts it beside a mail server.
 */
@NullMarked
package org.postroad.samples.springboot;

import org.jspecify.annotations.NullMarked;
