// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.nativeimage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Value;

/**
 * A value in the code of a method, as far as the code shows it.
 *
 * @param basic its kind and size
 * @param content what is known of it
 */
record Constant(BasicValue basic, Content content) implements Value {

    /** Something that the code does not show. */
    static final Content UNKNOWN = new Unknown();

    /** What is known of a value. */
    sealed interface Content {

        /** Returns the same with these arguments in place of the parameters of the method. */
        default Content with(IntFunction<Content> arguments) {
            return this;
        }

        /** Returns whether a parameter of the method is a part of it. */
        default boolean dependsOnCaller() {
            return false;
        }
    }

    /** Nothing. */
    private record Unknown() implements Content {}

    /** A text. */
    record Text(String value) implements Content {}

    /** An index of an array. */
    record Index(int value) implements Content {}

    /** A class, by its type name: {@code a.B$C}, {@code a.B[]}. */
    record Type(String name) implements Content {}

    /** An object made in this method. */
    record Instance(String className) implements Content {}

    /** A parameter of the method. */
    record Parameter(int index) implements Content {

        @Override
        public Content with(IntFunction<Content> arguments) {
            return arguments.apply(index);
        }

        @Override
        public boolean dependsOnCaller() {
            return true;
        }
    }

    /** An array; also the parameter types of a MethodType. The code fills it after its creation. */
    record Elements(List<Content> values) implements Content {

        static Elements ofLength(int length) {
            return new Elements(new ArrayList<>(java.util.Collections.nCopies(length, UNKNOWN)));
        }

        void set(int index, Content value) {
            if (index < values.size()) {
                values.set(index, value);
            }
        }

        @Override
        public Content with(IntFunction<Content> arguments) {
            return new Elements(
                    values.stream().map(value -> value.with(arguments)).toList());
        }

        @Override
        public boolean dependsOnCaller() {
            return values.stream().anyMatch(Content::dependsOnCaller);
        }

        /** Returns the names of the classes in it; empty if one of them is not known. */
        Optional<List<String>> types() {
            return values.stream().allMatch(Type.class::isInstance)
                    ? Optional.of(
                            values.stream().map(value -> ((Type) value).name()).toList())
                    : Optional.empty();
        }
    }

    @Override
    public int getSize() {
        return basic.getSize();
    }
}
