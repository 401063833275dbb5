// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.postroad.tck.catalogue.Catalogue;
import org.postroad.tck.catalogue.Level;
import org.postroad.tck.catalogue.Row;

/**
 * Runs the test of a requirement: skips it if its feature is not declared, runs it on its own thread with a time limit,
 * converts every failure to a {@link RequirementFailure}, and checks waivers.
 */
final class TckExtension implements InvocationInterceptor {

    private static final int SHOWN_FRAMES = 12;

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
            throws Throwable {
        if (!call.getExecutable().isAnnotationPresent(Requirement.class)) {
            invocation.proceed(); // a test of the implementer's own
            return;
        }
        Tck tck = context.getRequiredTestInstances()
                .findInstance(Tck.class)
                .orElseThrow(() -> new IllegalStateException("@Requirement is allowed in suites only"));
        String test = call.getExecutable().getName();
        Row row = row(test);
        Map<String, String> waivers = tck.waivers();
        Subjects.declare(tck.getClass(), new Subjects.Declaration(tck.features(), waivers));
        checkWaivers(waivers);
        if (row.feature().filter(feature -> !tck.features().contains(feature)).isPresent()) {
            throw new Skip(
                    Skip.Kind.NOT_DECLARED,
                    "The implementation does not declare " + row.feature().get());
        }
        Optional<RequirementFailure> failure = run(invocation, tck, row, test);
        Optional<String> waiver =
                Optional.ofNullable(waivers.get(row.id())).or(() -> Optional.ofNullable(waivers.get(test)));
        applyWaiver(row, failure, waiver);
    }

    private static Row row(String test) {
        return Catalogue.idOf(test)
                .flatMap(Catalogue.CURRENT::row)
                .orElseThrow(() -> new IllegalStateException(
                        "The test " + test + " does not begin with the ID of a requirement in the catalogue"));
    }

    private static void checkWaivers(Map<String, String> waivers) {
        waivers.forEach((name, reason) -> {
            boolean known = Catalogue.CURRENT
                    .row(Catalogue.idOf(name).orElse(name))
                    .filter(Row::isTested)
                    .isPresent();
            if (!known || reason.isBlank()) {
                throw new IllegalStateException("The waiver \"" + name + "\" = \"" + reason
                        + "\" needs the ID of a tested requirement, or the name of a test, and a reason");
            }
        });
    }

    private static void applyWaiver(Row row, Optional<RequirementFailure> failure, Optional<String> waiver) {
        if (waiver.isPresent()) {
            if (failure.isEmpty()) {
                throw new AssertionError("The waiver of " + row.id() + " (" + waiver.get()
                        + ") is stale: the requirement is met. Remove it.");
            }
            throw new Skip(Skip.Kind.WAIVED, "Waived: " + waiver.get());
        }
        if (failure.isPresent()) {
            if (Options.onlyMust() && row.level() != Level.MUST) {
                throw new Skip(Skip.Kind.RELAXED, "Not met, and only MUST is required: " + row.id());
            }
            throw failure.get();
        }
    }

    /** Runs the test on its own thread, which is abandoned if the implementation hangs. */
    private static Optional<RequirementFailure> run(Invocation<Void> invocation, Tck tck, Row row, String test)
            throws Exception {
        FutureTask<Optional<Throwable>> task = new FutureTask<>(() -> thrownBy(invocation, tck.bench()));
        Thread thread = new Thread(task, "postroad-tck-" + test);
        thread.setDaemon(true);
        thread.start();
        Duration patience = tck.wholePatience();
        Optional<Throwable> failure;
        try {
            failure = task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            failure = Optional.of(hanging(thread, patience));
            thread.interrupt();
            tck.bench().close();
        }
        if (failure.isPresent() && failure.get() instanceof Skip skip) {
            throw skip;
        }
        return failure.map(
                thrown -> RequirementFailure.of(row, thrown, tck.bench().transcript()));
    }

    private static Optional<Throwable> thrownBy(Invocation<Void> invocation, TestFixtures bench) {
        try (bench) {
            invocation.proceed();
            return Optional.empty();
        } catch (Throwable thrown) {
            return Optional.of(thrown);
        }
    }

    private static Mismatch hanging(Thread thread, Duration patience) {
        String frames = Arrays.stream(thread.getStackTrace())
                .limit(SHOWN_FRAMES)
                .map(frame -> "\n              at " + frame)
                .collect(Collectors.joining());
        return new Mismatch(
                "an end within " + patience.toMillis() + " ms (patience)",
                "it was still busy, or waiting:" + frames,
                "what that waits for, and whether it has a limit");
    }
}
