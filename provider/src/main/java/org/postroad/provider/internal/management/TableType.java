// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.management;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import javax.management.openmbean.TabularData;
import javax.management.openmbean.TabularDataSupport;
import javax.management.openmbean.TabularType;

/** The columns of a table, with descriptions, and how they are read from an object. The first column is the key. Immutable. */
public final class TableType<R> {

    private final Map<String, Function<R, Object>> columns;
    private final CompositeType row;
    private final TabularType table;

    private TableType(Map<String, Function<R, Object>> columns, CompositeType row, TabularType table) {
        this.columns = columns;
        this.row = row;
        this.table = table;
    }

    /**
     * Starts the description of a table.
     *
     * @param name of the type of a row
     */
    public static <R> Columns<R> of(String name, String description) {
        return new Columns<>(name, description);
    }

    /** The columns so far. */
    public static final class Columns<R> {

        private final String name;
        private final String description;
        private final Map<String, Function<R, Object>> columns = new LinkedHashMap<>();
        private final List<String> descriptions = new ArrayList<>();
        private final List<OpenType<?>> types = new ArrayList<>();

        private Columns(String name, String description) {
            this.name = name;
            this.description = description;
        }

        private Columns<R> column(String column, String meaning, OpenType<?> type, Function<R, Object> value) {
            columns.put(column, value);
            descriptions.add(meaning);
            types.add(type);
            return this;
        }

        public Columns<R> text(String column, String meaning, Function<R, String> value) {
            return column(column, meaning, SimpleType.STRING, value::apply);
        }

        /** Adds a text; an empty result becomes an empty text. */
        public Columns<R> optional(String column, String meaning, Function<R, Optional<?>> value) {
            return text(
                    column,
                    meaning,
                    from -> value.apply(from).map(Object::toString).orElse(""));
        }

        /** Adds a time in ISO 8601. */
        public Columns<R> time(String column, String meaning, Function<R, Instant> value) {
            return text(column, meaning, from -> value.apply(from).toString());
        }

        public Columns<R> number(String column, String meaning, ToLongFunction<R> value) {
            return column(column, meaning, SimpleType.LONG, value::applyAsLong);
        }

        public Columns<R> flag(String column, String meaning, Predicate<R> value) {
            return column(column, meaning, SimpleType.BOOLEAN, value::test);
        }

        /** Adds a table within each row. */
        public <N> Columns<R> table(String column, String meaning, TableType<N> nested, Function<R, List<N>> value) {
            return column(column, meaning, nested.type(), from -> nested.table(value.apply(from)));
        }

        public TableType<R> build() {
            String[] names = columns.keySet().toArray(String[]::new);
            try {
                CompositeType row = new CompositeType(
                        name,
                        description,
                        names,
                        descriptions.toArray(String[]::new),
                        types.toArray(OpenType<?>[]::new));
                return new TableType<>(
                        columns,
                        row,
                        new TabularType(
                                name + "Table", description + ", by " + names[0], row, new String[] {names[0]}));
            } catch (OpenDataException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Returns the type of the table. */
    TabularType type() {
        return table;
    }

    /** Returns a table with a row for each object, in their order. Of several with the same key, the first one is in the table. */
    TabularData table(List<R> rows) {
        TabularDataSupport data = new TabularDataSupport(table);
        for (R from : rows) {
            Map<String, Object> values = new LinkedHashMap<>();
            columns.forEach((column, value) -> values.put(column, value.apply(from)));
            try {
                CompositeDataSupport made = new CompositeDataSupport(row, values);
                if (!data.containsKey(data.calculateIndex(made))) {
                    data.put(made);
                }
            } catch (OpenDataException e) {
                throw new IllegalStateException(e);
            }
        }
        return data;
    }
}
