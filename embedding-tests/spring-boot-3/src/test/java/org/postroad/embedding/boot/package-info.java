// SPDX-License-Identifier: Apache-2.0
/** Applications of Spring Boot, in versions 3 and 4: only what both have under the same names. */
package org.postroad.embedding.boot;
