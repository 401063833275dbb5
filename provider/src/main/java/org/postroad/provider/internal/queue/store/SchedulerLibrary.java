// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import com.github.kagkarlsson.scheduler.CurrentlyExecuting;
import com.github.kagkarlsson.scheduler.HeartbeatState;
import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.jdbc.DefaultJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.MariaDBJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * Checks that the db-scheduler on the class path has all methods that the queue calls, so that an unsuitable version is detected before the
 * queue accepts mail. Loaded only if db-scheduler is present.
 */
final class SchedulerLibrary {

    private SchedulerLibrary() {}

    /** @throws ReflectiveOperationException (or a LinkageError) that names what is missing */
    static void check() throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        Class<?> client = Scheduler.class;
        lookup.findVirtual(client, "scheduleIfNotExists", type(boolean.class, TaskInstance.class, Instant.class));
        lookup.findVirtual(client, "reschedule", type(boolean.class, TaskInstanceId.class, Instant.class));
        lookup.findVirtual(client, "getScheduledExecution", type(Optional.class, TaskInstanceId.class));
        lookup.findVirtual(client, "triggerCheckForDueExecutions", type(void.class));
        lookup.findVirtual(ScheduledExecution.class, "isPicked", type(boolean.class));
        lookup.findVirtual(ScheduledExecution.class, "getExecutionTime", type(Instant.class));
        lookup.findVirtual(
                ExecutionOperations.class, "reschedule", type(void.class, ExecutionComplete.class, Instant.class));
        lookup.findVirtual(ExecutionOperations.class, "remove", type(void.class));
        lookup.findVirtual(ExecutionContext.class, "getCurrentlyExecuting", type(CurrentlyExecuting.class));
        lookup.findVirtual(CurrentlyExecuting.class, "getHeartbeatState", type(HeartbeatState.class));
        lookup.findVirtual(HeartbeatState.class, "getFractionDead", type(double.class));
        Class<?> builder = SchedulerBuilder.class;
        lookup.findVirtual(builder, "dueExecutor", type(builder, ExecutorService.class));
        lookup.findVirtual(builder, "missedHeartbeatsLimit", type(builder, int.class));
        lookup.findVirtual(builder, "pollUsingLockAndFetch", type(builder, double.class, double.class));
        lookup.findVirtual(builder, "jdbcCustomization", type(builder, JdbcCustomization.class));
        lookup.findVirtual(builder, "commitWhenAutocommitDisabled", type(builder, boolean.class));
        lookup.findConstructor(DefaultJdbcCustomization.class, type(void.class, boolean.class));
        lookup.findConstructor(MariaDBJdbcCustomization.class, type(void.class, boolean.class));
        lookup.findConstructor(PostgreSqlJdbcCustomization.class, type(void.class, boolean.class, boolean.class));
    }

    private static MethodType type(Class<?> result, Class<?>... parameters) {
        return MethodType.methodType(result, parameters);
    }
}
