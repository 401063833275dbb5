// SPDX-License-Identifier: Apache-2.0
/** Two third-party implementations of {@code org.postroad.spi}: DNS over JNDI, and relays from a routing table. */
package com.example.mail;
