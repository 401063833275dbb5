// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.management.Attribute;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.OpenMBeanOperationInfo;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.TabularData;
import javax.management.openmbean.TabularType;

/** Looks at the beans of Postroad as a JMX client does. */
final class Beans {

    static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private Beans() {}

    /** Returns the names of the registered beans of a type. */
    static Set<ObjectName> ofType(String type) {
        return names("org.postroad:type=" + type + ",*");
    }

    static Set<ObjectName> names(String pattern) {
        try {
            return SERVER.queryNames(new ObjectName(pattern), null);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the only bean of a type. */
    static ObjectName only(String type) {
        Set<ObjectName> names = ofType(type);
        assertThat(names).hasSize(1);
        return names.iterator().next();
    }

    /** Reads all attributes in one call, as a monitoring system does. Those that cannot be read are missing. */
    static Map<String, Object> poll(ObjectName name) throws Exception {
        String[] attributes = Arrays.stream(SERVER.getMBeanInfo(name).getAttributes())
                .map(MBeanFeatureInfo::getName)
                .toArray(String[]::new);
        return SERVER.getAttributes(name, attributes).asList().stream()
                .collect(Collectors.toMap(Attribute::getName, Attribute::getValue, (one, other) -> one, TreeMap::new));
    }

    static Object attribute(ObjectName name, String attribute) throws Exception {
        return SERVER.getAttribute(name, attribute);
    }

    /** Calls an operation with the types that its description demands. */
    static Object call(ObjectName name, String operation, Object... arguments) throws Exception {
        String[] signature = Arrays.stream(SERVER.getMBeanInfo(name).getOperations())
                .filter(one -> one.getName().equals(operation))
                .flatMap(one -> Arrays.stream(one.getSignature()))
                .map(parameter -> parameter.getType())
                .toArray(String[]::new);
        assertThat(signature).hasSameSizeAs(arguments);
        return SERVER.invoke(name, operation, arguments, signature);
    }

    /** Returns the row with this key. */
    static CompositeData row(Object table, Object key) {
        CompositeData row = ((TabularData) table).get(new Object[] {key});
        assertThat(row).as("row %s of %s", key, table).isNotNull();
        return row;
    }

    static CompositeData onlyRow(Object table) {
        assertThat(((TabularData) table).values()).hasSize(1);
        return (CompositeData) ((TabularData) table).values().iterator().next();
    }

    /**
     * Checks that everything a client shows has a name and a description, that no name occurs twice, and that each attribute has a value of its
     * type.
     */
    static void assertDescribed(ObjectName name) throws Exception {
        MBeanInfo info = SERVER.getMBeanInfo(name);
        assertDescribed(info);
        Map<String, Object> values = poll(name);
        for (MBeanAttributeInfo attribute : info.getAttributes()) {
            assertThat(((OpenMBeanAttributeInfo) attribute).isValue(values.get(attribute.getName())))
                    .as("%s is of its type", attribute.getName())
                    .isTrue();
        }
    }

    private static void assertDescribed(MBeanInfo bean) {
        assertSentence("the bean", bean.getDescription());
        Set<String> names = new HashSet<>();
        for (MBeanAttributeInfo attribute : bean.getAttributes()) {
            assertThat(names.add(attribute.getName())).as(attribute.getName()).isTrue();
            assertThat(attribute.isWritable()).as(attribute.getName()).isFalse();
            assertSentence(attribute.getName(), attribute.getDescription());
            assertDescribed(attribute.getName(), ((OpenMBeanAttributeInfo) attribute).getOpenType());
        }
        for (MBeanOperationInfo operation : bean.getOperations()) {
            assertThat(names.add(operation.getName())).as(operation.getName()).isTrue();
            assertSentence(operation.getName(), operation.getDescription());
            assertThat(operation.getImpact())
                    .as(operation.getName())
                    .isIn(MBeanOperationInfo.INFO, MBeanOperationInfo.ACTION);
            assertDescribed(operation.getName(), ((OpenMBeanOperationInfo) operation).getReturnOpenType());
            Arrays.stream(operation.getSignature()).forEach(parameter -> {
                assertThat(parameter.getName()).as(operation.getName()).matches("[a-z][A-Za-z]+");
                assertThat(parameter.getName()).as(operation.getName()).doesNotMatch("p\\d+|arg\\d+");
                assertSentence(operation.getName() + " " + parameter.getName(), parameter.getDescription());
            });
        }
    }

    private static void assertDescribed(String where, OpenType<?> type) {
        if (type instanceof TabularType table) {
            CompositeType row = table.getRowType();
            row.keySet().forEach(column -> {
                assertSentence(where + "." + column, row.getDescription(column));
                assertDescribed(where + "." + column, row.getType(column));
            });
        }
    }

    private static void assertSentence(String where, String text) {
        assertThat(text).as("description of %s", where).isNotBlank().doesNotContain("\n");
        assertThat(text).as("description of %s", where).isNotEqualTo(where).doesNotEndWith(".");
    }
}
