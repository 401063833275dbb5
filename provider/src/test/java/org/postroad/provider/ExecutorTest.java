// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.MessagingException;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Verdict;

/** Threads of the application: {@code mail.mx.executor}. */
@Timeout(300)
class ExecutorTest extends TransportTesting {

    @Test
    void executor_mayRunTasksOnTheCallersThread() throws Exception {
        AtomicInteger tasks = new AtomicInteger();
        properties.put("mail.mx.executor", (Executor) task -> {
            tasks.incrementAndGet();
            task.run();
        });
        Transport.send(message("a@v4.test", "b@v6.test"));
        assertThat(tasks).hasValue(2);
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx6.received()).hasSize(1);
    }

    @Test
    void executor_allOrNothingUsesItsOwnThreads() throws Exception {
        properties.put("mail.mx.executor", (Executor) Runnable::run);
        properties.setProperty("mail.mx.sendpartial", "false");
        Transport.send(message("a@v4.test", "b@v6.test"));
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx6.received()).hasSize(1);
    }

    @Test
    void executor_aRejectedDeliveryIsDeferred() throws Exception {
        properties.put("mail.mx.executor", (Executor) task -> {
            throw new RejectedExecutionException("shut down");
        });
        assertThat(failure("a@v4.test").report().recipients()).singleElement().satisfies(report -> {
            assertThat(report.verdict()).isEqualTo(Verdict.DEFERRED);
            assertThat(report.decision().explanation()).contains("executor");
        });
        assertThat(transcript.lines()).isEmpty();
    }

    @Test
    void executor_aDeliveryThatNeverRunsEndsAtTheDeadline() throws Exception {
        properties.put("mail.mx.executor", (Executor) task -> {});
        properties.setProperty("mail.mx.deadline", "1");
        assertThat(failure("a@v4.test").report().recipients()).singleElement().satisfies(report -> {
            assertThat(report.verdict()).isEqualTo(Verdict.DEFERRED);
            assertThat(report.decision().explanation()).contains("executor");
        });
        assertThat(transcript.lines()).isEmpty();
    }

    @Test
    void executor_ofAContainerIsFoundByItsJndiName() throws Exception {
        AtomicInteger tasks = new AtomicInteger();
        properties.setProperty("mail.mx.executor", "java:comp/DefaultManagedExecutorService");
        try (Naming bound = Naming.bind("java:comp/DefaultManagedExecutorService", (Executor) task -> {
            tasks.incrementAndGet();
            task.run();
        })) {
            Transport.send(message("a@v4.test"));
            assertThat(tasks).hasValue(1);
            properties.setProperty("mail.mx.executor", bound.name("java:comp/String", "no executor"));
            MimeMessage message = message("a@v4.test");
            assertThatThrownBy(() -> Transport.send(message))
                    .hasMessageContaining("mail.mx.executor")
                    .hasMessageContaining("java:comp/String")
                    .hasMessageContaining("java.lang.String");
        }
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void executor_aValueThatIsNotAnExecutorIsNamed() throws Exception {
        properties.setProperty("mail.mx.executor", "java:comp/DefaultManagedExecutorService");
        MimeMessage message = message("a@v4.test");
        assertThatThrownBy(() -> Transport.send(message))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("mail.mx.executor")
                .hasMessageContaining("java:comp/DefaultManagedExecutorService");
        properties.setProperty("mail.mx.executor", "ldap://192.0.2.1/x");
        MimeMessage remote = message("a@v4.test");
        assertThatThrownBy(() -> Transport.send(remote)).hasMessageContaining("begins with java:");
        properties.put("mail.mx.executor", 5);
        MimeMessage another = message("a@v4.test");
        assertThatThrownBy(() -> Transport.send(another))
                .hasMessageContaining("mail.mx.executor")
                .hasMessageContaining("Executor object");
        assertThat(transcript.lines()).isEmpty();
    }
}
