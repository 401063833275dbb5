// SPDX-License-Identifier: Apache-2.0
/**
 * Tests with real peers. An application on an IPv4-only, an IPv6-only and a dual-stack host sends through Postroad to real mail servers
 * found in real DNS, and the tests read what those servers stored.
 *
 * <p>All hosts are network namespaces on one switch without a connection to other networks (the default route ends at a gateway that
 * forwards nothing):
 *
 * <pre>
 *   auth                     NSD with the root zone, internet.zone, and the zones below test, signed by ldns, each with a new key
 *   ns validating            two unbounds in front of it: ns does not validate, the other does
 *   mxdual mxv6              Postfix, STARTTLS offered; mxdual greylists grey.example
 *   mxv4                     Exim, without TLS
 *   relay                    Postfix on port 587: SMTP AUTH (Cyrus SASL) over TLS under the lab's own authority
 *   mxtls                    Postfix with two certificates, one of them expired, and with unusual chains: all domains below test
 *   stripper                 a proxy in front of mxtls that strips STARTTLS
 *   web                      nginx with the MTA-STS policies
 *   sendtls                  uses the validating resolver; Postfix's posttls-finger runs there, too
 *   send4 send6 senddual     hosts of {@link org.postroad.provider.peers.SendMain}, in its own Java process
 * </pre>
 *
 * <ol>
 *   <li>{@link org.postroad.provider.peers.PeerLabExtension} determines whether the machine supports this (root, packages; {@code
 *       .ci/run} installs them) and starts one {@link org.postroad.provider.peers.PeerLab} for all test classes.
 *   <li>The lab creates certificates, because the zones refer to them ({@link org.postroad.provider.peers.PublishedTls}), and a {@link
 *       org.postroad.provider.peers.LabHost} for each name of {@link org.postroad.provider.peers.LabZone}, then starts the servers
 *       from the configuration templates in the test resources.
 *   <li>A test calls {@link org.postroad.provider.peers.Sender#send send} and asserts on the {@link
 *       org.postroad.provider.peers.SendResult} and on the {@link org.postroad.provider.peers.StoredMessage}.
 *   <li>Closing the lab ends its processes by their ids and removes namespaces and files. The next run removes the remains of a killed
 *       run.
 * </ol>
 *
 * <p>The lab does not affect services of the machine, their configuration or the network, and opens no port outside its namespaces.
 */
@NullMarked
package org.postroad.provider.peers;

import org.jspecify.annotations.NullMarked;
