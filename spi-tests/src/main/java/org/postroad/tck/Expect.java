// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Expectations of a test, with words for whoever reads the failure. The suites need no assertion library of the implementer's. */
final class Expect {

    private final String lookAt;

    private Expect(String lookAt) {
        this.lookAt = lookAt;
    }

    /** What an implementer should look at if one of these is not met. */
    static Expect lookAt(String hint) {
        return new Expect(hint);
    }

    /** The same as expected. */
    void equal(String what, @Nullable Object expected, @Nullable Object observed) {
        if (!Objects.equals(expected, observed)) {
            throw new Mismatch(what + " " + expected, String.valueOf(observed), lookAt);
        }
    }

    /** As the sentence says. */
    <T> T that(String expected, T observed, Predicate<? super T> holds) {
        if (observed == null || !holds.test(observed)) {
            throw new Mismatch(expected, String.valueOf(observed), lookAt);
        }
        return observed;
    }

    /** Anything but null. */
    <T> T notNull(String expected, @Nullable T observed) {
        if (observed == null) {
            throw new Mismatch(expected + ", never null", "null", lookAt);
        }
        return observed;
    }

    /** Of this type. */
    <T> T instance(Class<T> type, @Nullable Object observed) {
        if (!type.isInstance(observed)) {
            throw new Mismatch("an object of " + type.getSimpleName(), String.valueOf(observed), lookAt);
        }
        return type.cast(observed);
    }

    /** It is so. */
    void isTrue(String expected, boolean holds, String observed) {
        if (!holds) {
            throw new Mismatch(expected, observed, lookAt);
        }
    }

    /** What happened and should not have. */
    Mismatch mismatch(String expected, String observed) {
        return new Mismatch(expected, observed, lookAt);
    }
}
