// SPDX-License-Identifier: Apache-2.0
/**
 * Libraries that send mail. Each test class runs in a JVM of its own, with the class path that the library brings; see the executions in the POM.
 * None has code for Postroad but the library's own configuration.
 */
package org.postroad.embedding.libraries;
