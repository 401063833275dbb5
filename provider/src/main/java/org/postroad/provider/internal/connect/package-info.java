// SPDX-License-Identifier: Apache-2.0
/**
 * Turns addresses into a connection: decides which addresses are usable, orders them, and dials them.
 *
 * <p>The steps for one host, in order:
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.connect.FamilyDetection}: determines our IP families, from the operating system without
 *       sending a packet, or from the configuration (ADDR-01 to ADDR-03);
 *   <li>{@link org.postroad.provider.internal.connect.OwnAddresses}: the addresses by which this host recognises itself among the MXes
 *       (ORDER-08);
 *   <li>{@link org.postroad.provider.internal.connect.DialRules}: decides which published addresses may be contacted, and which addresses
 *       are dialled for them, in the same way for mail, policies and reports. It uses
 *       {@link org.postroad.provider.internal.connect.AddressGuard}, which refuses addresses outside the public Internet (ADDR-05, RFC
 *       6890), and {@link org.postroad.provider.internal.connect.Nat64Discovery}, which finds the prefix through which an IPv6-only host
 *       reaches IPv4 addresses (ADDR-04, RFC 6052, RFC 7050);
 *   <li>{@link org.postroad.provider.internal.connect.CheckedOrder} with {@link org.postroad.provider.internal.connect.SourceAddresses} and
 *       an {@link org.postroad.provider.internal.connect.AddressOrders address order}: determines which address comes first (ORDER-05, RFC
 *       6724 §6);
 *   <li>{@link org.postroad.provider.internal.connect.Reachability}: puts recently silent addresses last (RFC 8305 §5);
 *   <li>{@link org.postroad.provider.internal.connect.Dialler}: runs the overlapping dials that
 *       {@link org.postroad.provider.internal.connect.HappyEyeballs} schedules, of which one survives (ORDER-06, RFC 8305 §5). Each dial is
 *       a {@link org.postroad.provider.internal.connect.DialTask} through a {@link org.postroad.spi.Connector}, by default
 *       {@link org.postroad.provider.internal.connect.SocketConnector}. {@link org.postroad.provider.internal.connect.DiallerFactory}
 *       creates a dialler for each send.
 * </ol>
 *
 * <p>This package never chooses between hosts, which the routing algorithm does (ORDER-02 to ORDER-04). It never resolves the name of a
 * mail exchanger, never reads or writes a byte on a connection, and pools no connections.
 *
 * <p>Threads: the package has none of its own; each dial runs on a thread of the given executor. Everything except a race is thread-safe
 * and holds no lock while it waits. Only {@link org.postroad.provider.internal.connect.Dialler} and
 * {@link org.postroad.provider.internal.connect.Nat64Discovery} block, up to a deadline.
 * {@link org.postroad.provider.internal.connect.ConnectSettings} holds the settings of this package.
 */
@NullMarked
package org.postroad.provider.internal.connect;

import org.jspecify.annotations.NullMarked;
