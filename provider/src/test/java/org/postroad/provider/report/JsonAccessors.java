// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.report;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The accessors of API types, which are the fields of their JSON forms, and the types that they lead to. */
final class JsonAccessors {

    private JsonAccessors() {}

    /** Returns the public accessors that the type or a supertype in the API declares. */
    static Stream<Method> of(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getParameterCount() == 0
                        && !Modifier.isStatic(method.getModifiers())
                        && !method.isSynthetic()
                        && method.getDeclaringClass().getName().startsWith("org.postroad.api")
                        && !Set.of("toString", "hashCode").contains(method.getName()));
    }

    /** Returns the types of the API that the accessors return, except enums and types that are a text in JSON. */
    static Set<Class<?>> typesOf(Stream<Method> accessors, Set<Class<?>> texts) {
        Set<Class<?>> reached = new TreeSet<>(Comparator.comparing(Class::getName));
        accessors.forEach(accessor -> collect(accessor.getGenericReturnType(), texts, reached));
        reached.removeIf(Class::isEnum);
        reached.removeAll(texts);
        return reached;
    }

    private static void collect(Type type, Set<Class<?>> texts, Set<Class<?>> reached) {
        if (type instanceof ParameterizedType generic) {
            collect(generic.getRawType(), texts, reached);
            Arrays.stream(generic.getActualTypeArguments()).forEach(argument -> collect(argument, texts, reached));
        } else if (type instanceof WildcardType wildcard) {
            Arrays.stream(wildcard.getUpperBounds()).forEach(bound -> collect(bound, texts, reached));
        } else if (type instanceof Class<?> plain && plain.getName().startsWith("org.postroad.")) {
            if (plain.isSealed() && !texts.contains(plain)) {
                reached.addAll(List.of(plain.getPermittedSubclasses()));
            } else {
                reached.add(plain);
            }
        }
    }
}
