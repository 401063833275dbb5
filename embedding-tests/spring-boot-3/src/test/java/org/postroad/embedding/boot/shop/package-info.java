// SPDX-License-Identifier: Apache-2.0
/** An application that stores purchases, by JDBC and by JPA, and confirms them by mail. */
package org.postroad.embedding.boot.shop;
