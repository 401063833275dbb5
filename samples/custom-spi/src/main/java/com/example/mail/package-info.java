// SPDX-License-Identifier: Apache-2.0
/** Two implementations of {@code org.postroad.spi} by somebody else: DNS over JNDI, and relays by a routing table. */
package com.example.mail;
