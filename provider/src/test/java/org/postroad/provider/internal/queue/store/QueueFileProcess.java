// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

/** A process that opens a queue file, for {@link QueueFileTest}. Argument: the URL. */
final class QueueFileProcess {

    static final String OPENED = "opened";

    private QueueFileProcess() {}

    public static void main(String[] arguments) {
        try (SqliteDatabase database = new SqliteDatabase(arguments[0])) {
            System.out.println(OPENED);
        } catch (QueueException e) {
            System.out.println(e.getMessage());
        }
    }
}
