// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * One question to DNS and its answer.
 *
 * @param name the name asked for
 * @param type the type asked for
 * @param answer one of the four outcomes
 * @param <R> the records of the type
 */
public record Lookup<R>(HostName name, RecordType<R> type, DnsAnswer<R> answer) {

    @Override
    public String toString() {
        return name + " " + type + ": " + answer.describe();
    }
}
