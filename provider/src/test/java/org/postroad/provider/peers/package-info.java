// SPDX-License-Identifier: Apache-2.0
/**
 * The real-peer lab: nothing faked on the other side. An application on an IPv4-only, an IPv6-only and a dual-stack host
 * sends through Postroad to real mail servers found in real DNS, and the tests read what those servers stored.
 *
 * <p>Everything lives in network namespaces on one switch, without a way out (the default route ends at a gateway that
 * forwards nothing):
 *
 * <pre>
 *   auth                     NSD with the root zone, internet.zone, and the zones below test, signed by ldns, each with a new key
 *   ns validating            unbound in front of it: the one passes on what it hears, the other validates
 *   mxdual mxv6              Postfix, STARTTLS offered; mxdual greylists grey.example
 *   mxv4                     Exim, without TLS
 *   relay                    Postfix on port 587: SMTP AUTH (Cyrus SASL) over TLS under the lab's own authority
 *   mxtls                    Postfix with two certificates, one of which is over, and with odd chains: all domains below test
 *   stripper                 a proxy in front of mxtls that strips STARTTLS
 *   web                      nginx with the MTA-STS policies
 *   sendtls                  asks the resolver that validates; where Postfix's posttls-finger looks, too
 *   send4 send6 senddual     where {@link org.postroad.provider.peers.SendMain} runs, in a Java process of its own
 * </pre>
 *
 * <ol>
 *   <li>{@link org.postroad.provider.peers.PeerLabExtension} finds out whether the machine can do this (root, packages; {@code
 *       .ci/run} installs them) and starts one {@link org.postroad.provider.peers.PeerLab} for all test classes.
 *   <li>The lab makes certificates, for zones tell of them ({@link org.postroad.provider.peers.PublishedTls}), and a {@link
 *       org.postroad.provider.peers.LabHost} for each name of {@link org.postroad.provider.peers.LabZone}, then starts the servers
 *       from the configuration templates in the test resources.
 *   <li>A test calls {@link org.postroad.provider.peers.Sender#send send} and asserts on the {@link
 *       org.postroad.provider.peers.SendResult} and on the {@link org.postroad.provider.peers.StoredMessage}.
 *   <li>Closing the lab ends its processes, by their ids, and removes namespaces and files. What a killed run left behind is
 *       removed by the next one.
 * </ol>
 *
 * <p>The lab never touches a service of the machine, its configuration or its network, and opens no port outside its own
 * namespaces.
 */
@NullMarked
package org.postroad.provider.peers;

import org.jspecify.annotations.NullMarked;
