// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.springboot;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The application. The mail is configured in {@code application.properties}. */
@SpringBootApplication
public class ShopApplication {}
