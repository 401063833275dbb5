// SPDX-License-Identifier: Apache-2.0
/**
 * The conformance tests: one abstract class for each interface of {@code org.postroad.spi} and one for a whole {@code mx}
 * transport. An implementer extends it with one factory method. {@code mvn test} then runs it and writes a report.
 *
 * <ol>
 *   <li>A suite, such as {@link org.postroad.tck.AddressOrderTck}, has test methods for each requirement that it can check; the name of
 *       a method starts with the ID of its requirement ({@link org.postroad.tck.Requirement}).
 *   <li>{@code TckExtension} runs them and applies features, time limits and waivers, which an implementer declares by overriding methods
 *       of {@link org.postroad.tck.Tck}.
 *   <li>{@code TestFixtures} provides the DNS and SMTP servers of {@code org.postroad.fixtures} and the transcript.
 *   <li>A violation is reported as {@link org.postroad.tck.RequirementFailure}: requirement, expected, observed, where to look,
 *       transcript.
 * </ol>
 *
 * <p>The main code uses only the API of JUnit 5.10, and no assertion library. It opens no port below 1024, uses only loopback,
 * and never sleeps.
 */
@NullMarked
package org.postroad.tck;

import org.jspecify.annotations.NullMarked;
