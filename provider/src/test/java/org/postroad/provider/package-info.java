// SPDX-License-Identifier: Apache-2.0
/**
 * Tests of the transports as an application uses them: a Session with settings, embedded DNS and SMTP servers on loopback (package
 * {@code org.postroad.fixtures} of {@code postroad-spi-tests}), and assertions on exceptions, events, reports and what the servers got.
 *
 * <p>Where each kind of test is:
 *
 * <table>
 * <caption>Tests of the provider</caption>
 * <tr><th>Place</th><th>What it tests</th></tr>
 * <tr><td>this package</td><td>both transports, the queue, discovery, and TLS policies, from end to end. {@code TransportTesting} has
 *     what these tests share; start with {@code MxTransportTest} and {@code MxQueueTransportTest}</td></tr>
 * <tr><td>{@code ArchitectureTest}, {@code TypeRulesTest}, {@code ContributingTest}</td><td>rules of the source code and its
 *     pages</td></tr>
 * <tr><td>{@code RequirementsTest}</td><td>each requirement has a test whose name begins with its ID</td></tr>
 * <tr><td>{@code Random*Test}</td><td>servers, zones and TLS that fail at random; a failure names its seed</td></tr>
 * <tr><td>{@code *Scenarios}, {@code *Process}, {@code *Jvm}</td><td>programs that tests run in a separate JVM or class loader; not
 *     tests</td></tr>
 * <tr><td>{@code internal.*}</td><td>unit tests and property tests, each in the package of its subject. {@code internal.config} also
 *     compares the reference of settings and {@code SETTINGS.md} with the code; {@code internal.queue} runs on SQLite, H2, PostgreSQL and
 *     MariaDB; {@code *PeerTest} in {@code internal.dns} uses a real resolver</td></tr>
 * <tr><td>{@code conformance}</td><td>our implementations, tested by the suites of {@code postroad-spi-tests}</td></tr>
 * <tr><td>{@code report}</td><td>what reports say in words and as JSON, and the pages {@code REPORT.md} and {@code WHY.md}</td></tr>
 * <tr><td>{@code peers}</td><td>deliveries to real mail and DNS servers in network namespaces; skipped if these are missing</td></tr>
 * <tr><td>{@code nativeimage}</td><td>the metadata of native images names what the bytecode looks up; static initialisers may run when an
 *     image is built</td></tr>
 * <tr><td>{@code webapp}</td><td>a web application that {@code WebApplicationTest} starts and stops in Tomcat</td></tr>
 * <tr><td>{@code fuzz}</td><td>what fuzz tests share. The tests, named {@code *Fuzz}, are in the packages of their subjects</td></tr>
 * <tr><td>{@code spi-tests/src/test}</td><td>tests of the conformance tests, with a reference and broken implementations of each interface
 *     ({@code *Gallery}), of their reports, and of the fixtures</td></tr>
 * <tr><td>{@code embedding-tests}</td><td>the jars in real frameworks and servers, and on the module path</td></tr>
 * <tr><td>{@code samples/*}{@code /src/test}</td><td>the samples do what their pages say</td></tr>
 * </table>
 */
@NullMarked
package org.postroad.provider;

import org.jspecify.annotations.NullMarked;
