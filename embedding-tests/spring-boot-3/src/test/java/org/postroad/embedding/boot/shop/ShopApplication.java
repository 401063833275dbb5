// SPDX-License-Identifier: Apache-2.0
package org.postroad.embedding.boot.shop;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An application with a database. */
@SpringBootApplication
public class ShopApplication {}
