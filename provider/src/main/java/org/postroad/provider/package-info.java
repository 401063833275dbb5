// SPDX-License-Identifier: Apache-2.0
/**
 * The Jakarta Mail transport for the protocol {@code mx}: mail goes straight to the recipients' mail exchangers.
 *
 * <p>An application sets {@code mail.transport.protocol=mx} and {@code mail.transport.protocol.rfc822=mx}, or calls
 * {@link org.postroad.provider.Postroad#install}, and sends as ever. What is not accepted shows as
 * {@link org.postroad.provider.MxSendFailedException}, whose report says for each recipient what was asked, tried and answered.
 *
 * <h2>Settings</h2>
 *
 * <p>All names begin with {@code mail.mx.}. A duration is a number of milliseconds, or {@code 30s}, {@code 5m}, {@code 4h},
 * {@code 5d}; more than 0, at most 30 days. Lists are separated by commas or white space. A value that cannot be read is a
 * {@code MessagingException} of the send that names it; nothing is sent. An unknown name is a warning in the log.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>Name</th><th>Default</th><th>Meaning</th></tr>
 * <tr><td>localhost</td><td>this host's canonical name, if it is fully qualified</td><td>the name in EHLO</td></tr>
 * <tr><td>from</td><td>the From header</td><td>the reverse-path; {@code <>} is the null sender</td></tr>
 * <tr><td>relay</td><td>none</td><td>external relays, in order: {@code smtp://user:pass@host:587;starttls=required;auth=plain} or
 *     {@code smtps://...}; {@code starttls} is required, opportunistic or never</td></tr>
 * <tr><td>relay.ipv4, relay.ipv6</td><td>relay</td><td>the same, for destinations of one family</td></tr>
 * <tr><td>relay.attempts</td><td>1</td><td>how often an unreachable relay is tried in one send, 1 to 100</td></tr>
 * <tr><td>relay.fallback</td><td>false</td><td>use the relay also after the domain's own hosts were tried in vain</td></tr>
 * <tr><td>relayselector</td><td>the configured relays</td><td>a {@code RelaySelector}: object or class name</td></tr>
 * <tr><td>families</td><td>auto</td><td>auto, ipv4, ipv6 or both: in which families we reach the Internet</td></tr>
 * <tr><td>addressorder</td><td>rfc6724</td><td>rfc6724, ipv6, ipv4 or random: the order within one host</td></tr>
 * <tr><td>localaddress.ipv4, .ipv6</td><td>the system's choice</td><td>the source address for each family</td></tr>
 * <tr><td>connectiontimeout</td><td>30s</td><td>for one address</td></tr>
 * <tr><td>timeout</td><td>5m</td><td>for one reply</td></tr>
 * <tr><td>writetimeout</td><td>3m</td><td>for the server to take a block of 16 KiB</td></tr>
 * <tr><td>deadline</td><td>15m</td><td>for the whole send</td></tr>
 * <tr><td>starttls.enable</td><td>true</td><td>use STARTTLS where it is offered (RFC 7435)</td></tr>
 * <tr><td>starttls.required</td><td>false</td><td>send only over TLS</td></tr>
 * <tr><td>sendpartial</td><td>true</td><td>only true so far: each recipient has its own fate</td></tr>
 * <tr><td>dns.servers</td><td>those of /etc/resolv.conf</td><td>{@code 127.0.0.1:53}, {@code [::1]:53}; at most 8</td></tr>
 * <tr><td>dns.timeout</td><td>10s</td><td>for one question with all its tries</td></tr>
 * <tr><td>dns.trustad</td><td>none</td><td>servers besides loopback whose AD bit counts</td></tr>
 * <tr><td>dns.a6</td><td>false</td><td>ask for A6 records too</td></tr>
 * <tr><td>dns.resolver</td><td>dnsjava</td><td>a {@code MailDns}: object or class name</td></tr>
 * <tr><td>connector</td><td>plain sockets</td><td>a {@code Connector}: object or class name</td></tr>
 * <tr><td>listener</td><td>none</td><td>a {@code DeliveryListener}: object or class name</td></tr>
 * <tr><td>remoteport</td><td>25</td><td>where mail exchangers listen, 1 to 65535</td></tr>
 * <tr><td>addresses.allow</td><td>none</td><td>networks exempt from the refusal of private and other special addresses</td></tr>
 * <tr><td>localnames</td><td>localhost</td><td>names under which we could be listed as mail exchanger</td></tr>
 * <tr><td>nat64.prefix</td><td>discovered (RFC 7050)</td><td>how a host with IPv6 only reaches IPv4</td></tr>
 * <tr><td>maxmx</td><td>20</td><td>mail exchangers looked at, 1 to 1000</td></tr>
 * <tr><td>maxaddresses</td><td>10</td><td>addresses contacted at one host, 2 to 1000</td></tr>
 * </table>
 *
 * <p>{@code host}, {@code port}, {@code user}, {@code auth}, {@code debug} and {@code class}, which containers write under this
 * prefix, mean nothing here.
 *
 * <h2>Threads</h2>
 *
 * <p>The message is written once, on the thread that calls {@code sendMessage}; deliveries run on daemon threads named
 * {@code postroad-*}, which end a second after the last send. {@link org.postroad.provider.Postroad#close} ends everything at once.
 */
@NullMarked
package org.postroad.provider;

import org.jspecify.annotations.NullMarked;
