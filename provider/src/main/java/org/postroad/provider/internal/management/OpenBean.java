// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.management;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.MBeanOperationInfo;
import javax.management.ReflectionException;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.OpenMBeanAttributeInfoSupport;
import javax.management.openmbean.OpenMBeanConstructorInfo;
import javax.management.openmbean.OpenMBeanInfoSupport;
import javax.management.openmbean.OpenMBeanOperationInfo;
import javax.management.openmbean.OpenMBeanOperationInfoSupport;
import javax.management.openmbean.OpenMBeanParameterInfo;
import javax.management.openmbean.OpenMBeanParameterInfoSupport;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import org.jspecify.annotations.Nullable;

/**
 * A JMX bean with read-only attributes and with operations. An attribute that cannot be read fails alone: {@link #getAttributes} leaves it
 * out. Failures reach the client as exceptions of the JDK with the original message. Thread-safe if the functions are.
 */
public final class OpenBean implements DynamicMBean {

    private final Map<String, Supplier<Object>> attributes;
    private final Map<String, Operation> operations;
    private final MBeanInfo description;

    private OpenBean(Builder builder) {
        this.attributes = Map.copyOf(builder.attributes);
        this.operations = Map.copyOf(builder.operations);
        this.description = new OpenMBeanInfoSupport(
                builder.name,
                builder.description,
                builder.attributeInfos.toArray(OpenMBeanAttributeInfo[]::new),
                new OpenMBeanConstructorInfo[0],
                builder.operationInfos.toArray(OpenMBeanOperationInfo[]::new),
                new MBeanNotificationInfo[0]);
    }

    /** Starts the description of a bean. */
    public static Builder named(String name, String description) {
        return new Builder(name, description);
    }

    /** What an operation does with its arguments, which are as many and of the types that its parameters say. */
    @FunctionalInterface
    public interface Action {
        Object perform(Arguments arguments) throws InterruptedException;
    }

    /** What an operation without a result does. */
    @FunctionalInterface
    public interface Effect {
        void perform(Arguments arguments) throws InterruptedException;
    }

    /** The arguments of a call. */
    public static final class Arguments {

        private final Object[] values;

        private Arguments(Object[] values) {
            this.values = values;
        }

        /** Returns a text; a missing one is empty. */
        public String text(int index) {
            @Nullable Object value = values[index];
            return value == null ? "" : value.toString().strip();
        }

        /** @throws IllegalArgumentException if the number is missing */
        public int number(int index) {
            @Nullable Object value = values[index];
            if (value instanceof Number number) {
                return number.intValue();
            }
            throw new IllegalArgumentException("Parameter " + (index + 1) + " is a number, not " + value);
        }
    }

    private record Operation(int parameters, Action action) {}

    /**
     * A parameter of an operation.
     *
     * @param type {@code STRING} or {@code INTEGER}
     */
    public record Parameter(String name, String description, SimpleType<?> type) {

        public static Parameter text(String name, String description) {
            return new Parameter(name, description, SimpleType.STRING);
        }

        public static Parameter number(String name, String description) {
            return new Parameter(name, description, SimpleType.INTEGER);
        }
    }

    /** The description of a bean. */
    public static final class Builder {

        private final String name;
        private final String description;
        private final Map<String, Supplier<Object>> attributes = new LinkedHashMap<>();
        private final Map<String, Operation> operations = new LinkedHashMap<>();
        private final List<OpenMBeanAttributeInfo> attributeInfos = new ArrayList<>();
        private final List<OpenMBeanOperationInfo> operationInfos = new ArrayList<>();

        private Builder(String name, String description) {
            this.name = name;
            this.description = description;
        }

        /** Adds a number. */
        public Builder number(String attribute, String meaning, Supplier<Long> value) {
            return attribute(attribute, meaning, SimpleType.LONG, value::get);
        }

        /** Adds a text. */
        public Builder text(String attribute, String meaning, Supplier<String> value) {
            return attribute(attribute, meaning, SimpleType.STRING, value::get);
        }

        /** Adds a table. */
        public <R> Builder table(String attribute, String meaning, TableType<R> type, Supplier<List<R>> rows) {
            return attribute(attribute, meaning, type.type(), () -> type.table(rows.get()));
        }

        private Builder attribute(String attribute, String meaning, OpenType<?> type, Supplier<Object> value) {
            attributes.put(attribute, value);
            attributeInfos.add(new OpenMBeanAttributeInfoSupport(attribute, meaning, type, true, false, false));
            return this;
        }

        /** Adds an operation that returns a table and changes nothing. */
        public <R> Builder listing(
                String operation, String meaning, TableType<R> type, TableAction<R> rows, Parameter... parameters) {
            return operation(
                    operation,
                    meaning,
                    type.type(),
                    MBeanOperationInfo.INFO,
                    arguments -> type.table(rows.perform(arguments)),
                    parameters);
        }

        /** Returns the rows of a table. */
        @FunctionalInterface
        public interface TableAction<R> {
            List<R> perform(Arguments arguments) throws InterruptedException;
        }

        /** Adds an operation that changes something and returns a number or a flag. */
        public Builder action(
                String operation, String meaning, SimpleType<?> result, Action action, Parameter... parameters) {
            return operation(operation, meaning, result, MBeanOperationInfo.ACTION, action, parameters);
        }

        /** Adds an operation that changes something and returns nothing. */
        public Builder change(String operation, String meaning, Effect effect, Parameter... parameters) {
            return operation(
                    operation,
                    meaning,
                    SimpleType.VOID,
                    MBeanOperationInfo.ACTION,
                    arguments -> {
                        effect.perform(arguments);
                        return NOTHING;
                    },
                    parameters);
        }

        private Builder operation(
                String operation,
                String meaning,
                OpenType<?> result,
                int impact,
                Action action,
                Parameter... parameters) {
            OpenMBeanParameterInfo[] infos = new OpenMBeanParameterInfo[parameters.length];
            for (int i = 0; i < parameters.length; i++) {
                infos[i] = new OpenMBeanParameterInfoSupport(
                        parameters[i].name(), parameters[i].description(), parameters[i].type());
            }
            operations.put(operation, new Operation(parameters.length, action));
            operationInfos.add(new OpenMBeanOperationInfoSupport(operation, meaning, infos, result, impact));
            return this;
        }

        public OpenBean build() {
            return new OpenBean(this);
        }
    }

    /** The result of an operation that returns nothing. */
    private static final Object NOTHING = new Object();

    @Override
    public Object getAttribute(String attribute) throws AttributeNotFoundException {
        Supplier<Object> value = attributes.get(attribute);
        if (value == null) {
            throw new AttributeNotFoundException("There is no attribute " + attribute);
        }
        try {
            return value.get();
        } catch (RuntimeException e) {
            throw readable(e);
        }
    }

    /** Clients do not have the classes of Postroad, so they get an exception of the JDK. */
    private static RuntimeMBeanException readable(RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        RuntimeException known = e instanceof IllegalArgumentException
                ? new IllegalArgumentException(message)
                : new IllegalStateException(message);
        return new RuntimeMBeanException(known, message);
    }

    @Override
    public AttributeList getAttributes(String[] names) {
        AttributeList list = new AttributeList();
        for (String name : names) {
            try {
                list.add(new Attribute(name, getAttribute(name)));
            } catch (AttributeNotFoundException | RuntimeException e) {
                System.getLogger(OpenBean.class.getName())
                        .log(System.Logger.Level.DEBUG, "The attribute " + name + " cannot be read", e);
            }
        }
        return list;
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException("The attribute " + attribute.getName() + " cannot be set");
    }

    @Override
    public AttributeList setAttributes(AttributeList list) {
        return new AttributeList();
    }

    @Override
    public @Nullable Object invoke(String name, Object @Nullable [] arguments, String @Nullable [] signature)
            throws MBeanException, ReflectionException {
        Operation operation = operations.get(name);
        Object[] values = arguments == null ? new Object[0] : arguments;
        if (operation == null || values.length != operation.parameters()) {
            throw new ReflectionException(
                    new NoSuchMethodException(name),
                    "There is no operation " + name + " with " + values.length + " parameters");
        }
        try {
            Object result = operation.action().perform(new Arguments(values));
            return result == NOTHING ? null : result;
        } catch (RuntimeException e) {
            throw readable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MBeanException(e, "The thread was interrupted");
        }
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        return description;
    }
}
