// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.nativeimage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.postroad.provider.nativeimage.Constant.Content;

/** The methods of the JDK that look something up by name, or create what a native image must know of. */
final class Lookups {

    private static final String CLASS = "java/lang/Class";
    private static final String LOADER = "java/lang/ClassLoader";
    private static final String METHOD_HANDLES = "java/lang/invoke/MethodHandles$Lookup";

    /** Lookups by type. Those that {@link #needed} does not understand are unclear, whatever their arguments are. */
    private static final Map<String, Set<String>> LOOKUPS = Map.ofEntries(
            Map.entry(
                    CLASS,
                    Set.of(
                            "forName",
                            "getMethod",
                            "getMethods",
                            "getDeclaredMethod",
                            "getDeclaredMethods",
                            "getConstructor",
                            "getConstructors",
                            "getDeclaredConstructor",
                            "getDeclaredConstructors",
                            "getField",
                            "getFields",
                            "getDeclaredField",
                            "getDeclaredFields",
                            "getRecordComponents",
                            "getPermittedSubclasses",
                            "getClasses",
                            "getDeclaredClasses",
                            "newInstance",
                            "getResource",
                            "getResourceAsStream")),
            Map.entry(
                    LOADER,
                    Set.of(
                            "loadClass",
                            "getResource",
                            "getResources",
                            "getResourceAsStream",
                            "getSystemResource",
                            "getSystemResourceAsStream")),
            Map.entry("java/lang/Module", Set.of("getResourceAsStream")),
            Map.entry(
                    METHOD_HANDLES,
                    Set.of(
                            "findVirtual",
                            "findStatic",
                            "findConstructor",
                            "findSpecial",
                            "findGetter",
                            "findSetter",
                            "findStaticGetter",
                            "findStaticSetter",
                            "findVarHandle",
                            "findStaticVarHandle",
                            "findClass",
                            "defineClass",
                            "defineHiddenClass")),
            Map.entry("java/lang/reflect/Proxy", Set.of("newProxyInstance", "getProxyClass")),
            Map.entry("java/lang/invoke/MethodHandleProxies", Set.of("asInterfaceInstance")),
            Map.entry("java/lang/reflect/Array", Set.of("newInstance")),
            Map.entry("java/util/ServiceLoader", Set.of("load", "loadInstalled")),
            Map.entry("java/util/ResourceBundle", Set.of("getBundle")),
            Map.entry("javax/management/MBeanServer", Set.of("registerMBean", "createMBean")),
            Map.entry("javax/management/JMX", Set.of("newMXBeanProxy", "newMBeanProxy")),
            Map.entry("java/io/ObjectInputStream", Set.of("<init>")),
            Map.entry("java/io/ObjectOutputStream", Set.of("<init>")),
            Map.entry("java/util/concurrent/atomic/AtomicReferenceFieldUpdater", Set.of("newUpdater")),
            Map.entry("java/util/concurrent/atomic/AtomicIntegerFieldUpdater", Set.of("newUpdater")),
            Map.entry("java/util/concurrent/atomic/AtomicLongFieldUpdater", Set.of("newUpdater")),
            Map.entry("java/lang/System", Set.of("load", "loadLibrary")));

    private Lookups() {}

    static boolean isLookup(String owner, String name) {
        return LOOKUPS.getOrDefault(owner, Set.of()).contains(name);
    }

    /**
     * Returns what a lookup needs.
     *
     * @param values the receiver, unless the method is static, and the arguments
     * @param interfaces the interfaces of one of our own classes
     * @return empty if the values do not show it
     */
    static Optional<List<Needed>> needed(
            String owner, String name, List<Content> values, Function<String, List<String>> interfaces) {
        return switch (name) {
            case "forName" -> name(values.get(0)).map(type -> List.of(new Needed.Type(type)));
            case "loadClass" -> name(values.get(1)).map(type -> List.of(new Needed.Type(type)));
            case "getMethod", "getDeclaredMethod" -> method(values.get(0), values.get(1), values.get(2));
            case "getConstructor", "getDeclaredConstructor" -> method(values.get(0), CONSTRUCTOR, values.get(1));
            case "findVirtual", "findStatic" -> method(values.get(1), values.get(2), values.get(3));
            case "findConstructor" -> method(values.get(1), CONSTRUCTOR, values.get(2));
            case "newProxyInstance" -> types(values.get(1)).map(proxied -> List.of(new Needed.Proxy(proxied)));
            // The builder of an image finds the implementations of a constant type.
            case "load" ->
                owner.equals("java/util/ServiceLoader") ? name(values.get(0)).map(type -> List.of()) : Optional.empty();
            // The test compares the resources with the files.
            case "getResourceAsStream" ->
                owner.equals(CLASS) && values.get(1) instanceof Constant.Text path
                        ? name(values.get(0)).map(type -> resource(type, path.value()))
                        : Optional.empty();
            case "registerMBean" ->
                values.get(1) instanceof Constant.Instance bean
                        ? Optional.of(bean(bean.className(), interfaces.apply(bean.className())))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static final Content CONSTRUCTOR = new Constant.Text("<init>");

    private static Optional<String> name(Content content) {
        if (content instanceof Constant.Text text) {
            return Optional.of(text.value());
        }
        return content instanceof Constant.Type type ? Optional.of(type.name()) : Optional.empty();
    }

    private static Optional<List<String>> types(Content content) {
        return content instanceof Constant.Elements elements ? elements.types() : Optional.empty();
    }

    private static Optional<List<Needed>> method(Content type, Content name, Content parameters) {
        return name(type)
                .flatMap(owner -> name(name)
                        .flatMap(method -> types(parameters)
                                .map(types -> List.<Needed>of(
                                        new Needed.Type(owner), new Needed.Method(owner, method, types)))));
    }

    private static List<Needed> resource(String type, String path) {
        String inPackage = type.substring(0, type.lastIndexOf('.') + 1).replace('.', '/') + path;
        String absolute = path.startsWith("/") ? path.substring(1) : inPackage;
        return Needed.resource(absolute);
    }

    /** JMX reads the class, calls the methods of its management interface, and clients make proxies of the interface. */
    private static List<Needed> bean(String type, List<String> interfaces) {
        List<Needed> needed = new ArrayList<>();
        needed.add(new Needed.Type(type));
        interfaces.stream()
                .filter(management -> management.endsWith("MXBean") || management.endsWith("MBean"))
                .flatMap(management -> Stream.of(
                        new Needed.Type(management),
                        new Needed.PublicMethods(management),
                        new Needed.Proxy(List.of(management))))
                .forEach(needed::add);
        return needed;
    }
}
