// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;
import org.postroad.tck.RequirementFailure;
import org.postroad.tck.catalogue.Catalogue;

/**
 * Puts the requirement in front of the message of a failure, if the test's name begins with an ID. {@code META-INF/services} registers
 * it for all tests. Conformance tests do the same themselves.
 */
final class RequirementText {

    private RequirementText() {}

    /** For tests of Jupiter. */
    public static final class OfTests implements TestExecutionExceptionHandler {

        @Override
        public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
            throw withRequirement(context.getRequiredTestMethod().getName(), failure);
        }
    }

    /** For properties of jqwik. */
    public static final class OfProperties implements AroundPropertyHook {

        @Override
        public PropagationMode propagateTo() {
            return PropagationMode.ALL_DESCENDANTS;
        }

        @Override
        public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property)
                throws Throwable {
            PropertyExecutionResult result = property.execute();
            Optional<Throwable> failure = result.throwable();
            return failure.isEmpty()
                    ? result
                    : result.mapToFailed(withRequirement(context.targetMethod().getName(), failure.get()));
        }
    }

    static Throwable withRequirement(String test, Throwable failure) {
        if (failure instanceof RequirementFailure || failure instanceof TestAbortedException) {
            return failure;
        }
        return Catalogue.idOf(test)
                .flatMap(Catalogue.CURRENT::row)
                .map(row -> row.id() + " (" + row.level() + "): " + row.text() + "\n")
                .<Throwable>map(text -> prefixed(text, failure))
                .orElse(failure);
    }

    /** Keeps what development environments and the build show of an assertion: both values, its place and its cause. */
    private static AssertionError prefixed(String text, Throwable failure) {
        AssertionFailedError error;
        if (failure instanceof AssertionFailedError unequal && unequal.isExpectedDefined()) {
            error = new AssertionFailedError(
                    text + failure.getMessage(), unequal.getExpected(), unequal.getActual(), failure.getCause());
        } else if (failure instanceof AssertionError) {
            error = new AssertionFailedError(text + failure.getMessage(), failure.getCause());
        } else {
            error = new AssertionFailedError(text + failure, failure);
        }
        error.setStackTrace(failure.getStackTrace());
        Arrays.stream(failure.getSuppressed()).forEach(error::addSuppressed);
        return error;
    }
}
