// SPDX-License-Identifier: Apache-2.0
/**
 * From addresses to a connection: which addresses are usable, in which order, and the dial.
 *
 * <p>In the order in which one host meets them:
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.connect.FamilyDetection}: our families, asked of the operating system without
 *       sending a packet, or configured (ADDR-01 to ADDR-03);
 *   <li>{@link org.postroad.provider.internal.connect.OwnAddresses}: are we this host ourselves (ORDER-08)?
 *   <li>{@link org.postroad.provider.internal.connect.DialRules}: which published addresses may be contacted, and what is dialled for
 *       them, the same for mail, policies and reports. It uses {@link org.postroad.provider.internal.connect.AddressGuard}, which refuses
 *       addresses that are not of the public Internet (ADDR-05, RFC 6890), and
 *       {@link org.postroad.provider.internal.connect.Nat64Discovery}: where we have IPv6 only, the prefix under which IPv4 addresses are
 *       reached (ADDR-04, RFC 6052, RFC 7050);
 *   <li>{@link org.postroad.provider.internal.connect.CheckedOrder} with
 *       {@link org.postroad.provider.internal.connect.SourceAddresses} and an
 *       {@link org.postroad.provider.internal.connect.AddressOrders address order}: which first (ORDER-05, RFC 6724 §6);
 *   <li>{@link org.postroad.provider.internal.connect.Reachability}: what was silent lately comes last (RFC 8305 §5);
 *   <li>{@link org.postroad.provider.internal.connect.Dialler}: does what
 *       {@link org.postroad.provider.internal.connect.DialRace} decides, overlapping dials of which one survives (ORDER-06, RFC 8305 §5),
 *       each a {@link org.postroad.provider.internal.connect.DialTask} through a {@link org.postroad.spi.Connector}, by default
 *       {@link org.postroad.provider.internal.connect.SocketConnector}. {@link org.postroad.provider.internal.connect.Diallers} makes
 *       one for each send.
 * </ol>
 *
 * <p>This room never chooses between hosts, which is the algorithm's (ORDER-02 to ORDER-04); it never resolves the name of a
 * mail exchanger, never writes or reads a byte on a connection, and keeps no connection.
 *
 * <p>Threads: it has none; each dial has one of the executor that it is given. Everything but a race is thread-safe, and holds no lock
 * while it waits; only {@link org.postroad.provider.internal.connect.Dialler} and
 * {@link org.postroad.provider.internal.connect.Nat64Discovery} wait, up to a deadline.
 * {@link org.postroad.provider.internal.connect.ConnectSettings} are this room's settings.
 */
@NullMarked
package org.postroad.provider.internal.connect;

import org.jspecify.annotations.NullMarked;
