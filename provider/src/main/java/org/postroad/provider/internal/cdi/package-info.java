// SPDX-License-Identifier: Apache-2.0
/**
 * What a CDI container finds in the jar of Postroad: beans for the Session and the queue of an application, and its start and stop.
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.cdi.MailBeans}: the beans, and the observers of start and stop;
 *   <li>{@code SessionSettings}: where the settings of the Session come from; {@code MicroProfileSettings} is one of the sources.
 * </ol>
 *
 * <p>Plain beans that {@code META-INF/beans.xml} announces, and no extension: Quarkus runs no portable extensions, and finds beans only in
 * jars with that file or an index. The beans need CDI 4.0 (Jakarta EE 10). This package uses Postroad as an application does. Plug-ins are
 * looked up in {@code engine}, even if a container does not find this package.
 *
 * <p>Never here: decisions about mail. Loaded in CDI containers only.
 */
@NullMarked
package org.postroad.provider.internal.cdi;

import org.jspecify.annotations.NullMarked;
