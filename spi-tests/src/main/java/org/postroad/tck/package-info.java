// SPDX-License-Identifier: Apache-2.0
/**
 * The conformance tests: for each interface of {@code org.postroad.spi}, and for a whole {@code mx} transport, an abstract class that an
 * implementer extends with one factory method. {@code mvn test} then runs it and writes a report.
 *
 * <ol>
 *   <li>A suite, such as {@link org.postroad.tck.AddressOrderTck}, has a test method for each requirement that it can show; the method's
 *       name begins with the requirement's ID ({@link org.postroad.tck.Requirement}).
 *   <li>{@code TckExtension} runs it: features, patience, waivers ({@link org.postroad.tck.Tck} has the knobs).
 *   <li>{@code Bench} has the DNS and SMTP servers of {@code org.postroad.fixtures} and the transcript.
 *   <li>What is not met is a {@link org.postroad.tck.RequirementFailure}: requirement, expected, observed, where to look, transcript.
 * </ol>
 *
 * <p>The main code keeps to the API of JUnit 5.10, and has no assertion library. It opens no port below 1024, uses loopback only, and
 * never sleeps.
 */
@NullMarked
package org.postroad.tck;

import org.jspecify.annotations.NullMarked;
