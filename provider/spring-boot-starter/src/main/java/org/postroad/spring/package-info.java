// SPDX-License-Identifier: Apache-2.0
/**
 * Postroad in Spring Boot 3.5 and 4, by properties alone.
 *
 * <ul>
 * <li>With {@code spring.mail.protocol=mx} or {@code mxqueue} there is a {@code JavaMailSender}, also without {@code spring.mail.host}.
 *     Settings are {@code spring.mail.properties.mail.mx.*}.
 * <li>With {@code spring.mail.protocol=mxqueue} there is a {@link org.postroad.provider.MailQueue}, which is open from the start to the end
 *     of the context. If {@code mail.mx.queue.url} and {@code mail.mx.queue.datasource} are not set and there is one {@code DataSource}, or a
 *     primary one, the queue is in that database, and mail that is sent within a transaction of Spring is part of it.
 * <li>With the actuator there are the health {@code mailQueue} and the endpoint {@code mailqueue}.
 * <li>With an {@code ObservationRegistry}, as the actuator has one, sends are observed by an
 *     {@link org.postroad.provider.ObservationListener}, unless {@code mail.mx.listener} is set or {@code postroad.observations.enabled} is
 *     false.
 * </ul>
 *
 * <p>Names that differ between Boot 3 and 4 occur as text, or in a nested configuration that is read only if its classes are present.
 */
@NullMarked
package org.postroad.spring;

import org.jspecify.annotations.NullMarked;
