// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * One DNS question and its answer.
 *
 * @param name the name queried
 * @param type the type queried
 * @param answer one of the four outcomes
 * @param <R> the Java type of the records
 */
public record Lookup<R>(HostName name, RecordType<R> type, DnsAnswer<R> answer) {

    @Override
    public String toString() {
        return name + " " + type + ": " + answer.describe();
    }
}
