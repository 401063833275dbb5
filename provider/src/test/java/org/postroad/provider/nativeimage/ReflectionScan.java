// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.nativeimage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.postroad.provider.nativeimage.Constant.Content;

/**
 * Finds in bytecode what is looked up by name: classes, their members, proxies, resources, services and MBeans. Names that are
 * parameters of a method are taken from its callers. A call whose names the code does not show is reported as unclear.
 */
final class ReflectionScan {

    /** Types that helper methods return, which take a name to a class or classes to a signature. */
    private static final Set<String> RETURNED = Set.of("Ljava/lang/Class;", "Ljava/lang/invoke/MethodType;");

    private final Map<String, ClassNode> classes = new HashMap<>();
    private final Map<Called, Content> returned = new HashMap<>();
    private final Map<Called, List<Call>> callers = new HashMap<>();

    /** Methods with a reference or a lambda that leads to them: their callers are not all known. */
    private final Set<Called> referenced = new HashSet<>();

    private final NavigableSet<Needed> needed = new TreeSet<>();
    private final NavigableSet<String> unclear = new TreeSet<>();

    private record Called(String owner, String name, String descriptor) {}

    /**
     * A call.
     *
     * @param from the method with the call
     * @param arguments its receiver, unless it is static, and its arguments
     */
    private record Call(Called from, Called target, boolean isStatic, List<Content> arguments) {

        Call with(Call caller) {
            // A parameter does not count the receiver of the method that has it.
            int first = caller.isStatic ? 0 : 1;
            return new Call(
                    caller.from,
                    target,
                    isStatic,
                    arguments.stream()
                            .map(argument ->
                                    argument.with(index -> caller.arguments().get(first + index)))
                            .toList());
        }

        boolean dependsOnCaller() {
            return arguments.stream().anyMatch(Content::dependsOnCaller);
        }
    }

    /** Reads all classes below a directory. */
    ReflectionScan(Path directory) throws IOException, AnalyzerException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(file -> file.toString().endsWith(".class")).forEach(this::read);
        }
        for (ClassNode type : classes.values()) {
            for (MethodNode method : type.methods) {
                if (RETURNED.contains(method.desc.substring(method.desc.indexOf(')') + 1))) {
                    ConstantInterpreter interpreter = interpreter(method, call -> Constant.UNKNOWN);
                    new Analyzer<>(interpreter).analyze(type.name, method);
                    returned.put(new Called(type.name, method.name, method.desc), interpreter.result());
                }
            }
        }
        List<Call> lookups = new ArrayList<>();
        for (ClassNode type : classes.values()) {
            for (MethodNode method : type.methods) {
                lookups.addAll(lookups(type, method));
            }
        }
        for (Call lookup : lookups) {
            resolve(lookup, lookup.from(), Set.of());
        }
    }

    /** Returns what the code looks up. */
    NavigableSet<Needed> needed() {
        return needed;
    }

    /** Returns the calls whose names the code does not show, such as {@code Plugins.make -> Class.forName}. */
    NavigableSet<String> unclear() {
        return unclear;
    }

    private void read(Path file) {
        try {
            ClassNode type = new ClassNode();
            new ClassReader(Files.readAllBytes(file)).accept(type, ClassReader.SKIP_DEBUG);
            classes.put(type.name, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Records the calls of own methods, and returns the lookups. */
    private List<Call> lookups(ClassNode type, MethodNode method) throws AnalyzerException {
        Frame<Constant>[] frames = new Analyzer<>(interpreter(method, this::returned)).analyze(type.name, method);
        Called from = new Called(type.name, method.name, method.desc);
        List<Call> lookups = new ArrayList<>();
        for (int i = 0; i < frames.length; i++) {
            AbstractInsnNode instruction = method.instructions.get(i);
            if (instruction instanceof InvokeDynamicInsnNode dynamic) {
                reference(dynamic);
            }
            if (frames[i] != null && instruction instanceof MethodInsnNode invoked) {
                Call call = call(from, invoked, frames[i]);
                if (classes.containsKey(invoked.owner)) {
                    callers.computeIfAbsent(call.target(), target -> new ArrayList<>())
                            .add(call);
                } else if (Lookups.isLookup(call.target().owner(), call.target().name())) {
                    lookups.add(call);
                }
            }
        }
        return lookups;
    }

    private static ConstantInterpreter interpreter(MethodNode method, Function<MethodInsnNode, Content> ownMethods) {
        return new ConstantInterpreter((method.access & Opcodes.ACC_STATIC) != 0, method.desc, ownMethods);
    }

    private Content returned(MethodInsnNode call) {
        return returned.getOrDefault(new Called(call.owner, call.name, call.desc), Constant.UNKNOWN);
    }

    private void reference(InvokeDynamicInsnNode dynamic) {
        for (Object argument : dynamic.bsmArgs) {
            if (argument instanceof Handle handle) {
                referenced.add(new Called(handle.getOwner(), handle.getName(), handle.getDesc()));
            }
        }
    }

    private static Call call(Called from, MethodInsnNode invoked, Frame<Constant> frame) {
        boolean isStatic = invoked.getOpcode() == Opcodes.INVOKESTATIC;
        int count = org.objectweb.asm.Type.getArgumentCount(invoked.desc) + (isStatic ? 0 : 1);
        List<Content> arguments = new ArrayList<>();
        for (int i = count; i > 0; i--) {
            arguments.add(frame.getStack(frame.getStackSize() - i).content());
        }
        return new Call(from, new Called(invoked.owner, invoked.name, invoked.desc), isStatic, arguments);
    }

    /**
     * Adds what the lookup needs.
     *
     * @param place the method with the lookup
     * @param passed the methods between it and this one, which pass a parameter on
     */
    private void resolve(Call lookup, Called place, Set<Called> passed) {
        Called from = lookup.from();
        Optional<List<Needed>> found =
                Lookups.needed(lookup.target().owner(), lookup.target().name(), lookup.arguments(), this::interfaces);
        if (found.isPresent()) {
            needed.addAll(found.get());
            return;
        }
        List<Call> calls = callers.getOrDefault(from, List.of());
        if (!lookup.dependsOnCaller() || calls.isEmpty() || referenced.contains(from) || passed.contains(from)) {
            unclear.add(description(place, lookup));
            return;
        }
        Set<Called> longer = new HashSet<>(passed);
        longer.add(from);
        calls.forEach(caller -> resolve(lookup.with(caller), place, longer));
    }

    private List<String> interfaces(String className) {
        ClassNode type = classes.get(className.replace('.', '/'));
        return type == null
                ? List.of()
                : type.interfaces.stream().map(name -> name.replace('/', '.')).toList();
    }

    private static String description(Called place, Call lookup) {
        String target = lookup.target().owner();
        return place.owner().replace('/', '.') + "." + place.name() + " -> "
                + target.substring(target.lastIndexOf('/') + 1) + "."
                + lookup.target().name();
    }
}
