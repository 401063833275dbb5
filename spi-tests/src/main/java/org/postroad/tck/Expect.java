// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Expectations of a test, with messages for the reader of a failure. The suites do not need an assertion library. */
final class Expect {

    private final String lookAt;

    private Expect(String lookAt) {
        this.lookAt = lookAt;
    }

    /** Creates expectations whose failures give this hint on where to look. */
    static Expect lookAt(String hint) {
        return new Expect(hint);
    }

    /** Expects equality. */
    void equal(String what, @Nullable Object expected, @Nullable Object observed) {
        if (!Objects.equals(expected, observed)) {
            throw new Mismatch(what + " " + expected, String.valueOf(observed), lookAt);
        }
    }

    /** Expects the condition that the text describes. */
    <T> T that(String expected, T observed, Predicate<? super T> holds) {
        if (observed == null || !holds.test(observed)) {
            throw new Mismatch(expected, String.valueOf(observed), lookAt);
        }
        return observed;
    }

    /** Expects a value that is not null. */
    <T> T notNull(String expected, @Nullable T observed) {
        if (observed == null) {
            throw new Mismatch(expected + ", never null", "null", lookAt);
        }
        return observed;
    }

    /** Expects an instance of the type. */
    <T> T instance(Class<T> type, @Nullable Object observed) {
        if (!type.isInstance(observed)) {
            throw new Mismatch("an object of " + type.getSimpleName(), String.valueOf(observed), lookAt);
        }
        return type.cast(observed);
    }

    /** Expects the condition to be true. */
    void isTrue(String expected, boolean holds, String observed) {
        if (!holds) {
            throw new Mismatch(expected, observed, lookAt);
        }
    }

    /** Returns the failure for something that should not have happened. */
    Mismatch mismatch(String expected, String observed) {
        return new Mismatch(expected, observed, lookAt);
    }
}
