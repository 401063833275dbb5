// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.nativeimage;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Interpreter;
import org.postroad.provider.nativeimage.Constant.Content;
import org.postroad.provider.nativeimage.Constant.Elements;

/** Follows constant classes, texts and arrays of them through one method. */
final class ConstantInterpreter extends Interpreter<Constant> {

    private final BasicInterpreter basic = new BasicInterpreter();

    /** The index of the parameter that begins at a local variable; none begins at that of {@code this}. */
    private final Map<Integer, Integer> parameters = new HashMap<>();

    /** One array for each instruction that creates one, because the analysis can visit an instruction several times. */
    private final Map<AbstractInsnNode, Elements> arrays = new HashMap<>();

    /** What own methods return, in terms of their parameters. */
    private final Function<MethodInsnNode, Content> ownMethods;

    private Optional<Content> result = Optional.empty();

    ConstantInterpreter(boolean isStatic, String descriptor, Function<MethodInsnNode, Content> ownMethods) {
        super(Opcodes.ASM9);
        this.ownMethods = ownMethods;
        int local = isStatic ? 0 : 1;
        Type[] types = Type.getArgumentTypes(descriptor);
        for (int i = 0; i < types.length; i++) {
            parameters.put(local, i);
            local += types[i].getSize();
        }
    }

    private static Constant of(BasicValue value, Content content) {
        return new Constant(value, content);
    }

    private static Constant unknown(BasicValue value) {
        return of(value, Constant.UNKNOWN);
    }

    @Override
    public @Nullable Constant newValue(@Nullable Type type) {
        BasicValue value = basic.newValue(type);
        return value == null ? null : unknown(value);
    }

    @Override
    public @Nullable Constant newParameterValue(boolean isInstanceMethod, int local, Type type) {
        Integer index = parameters.get(local);
        return of(basic.newValue(type), index == null ? Constant.UNKNOWN : new Constant.Parameter(index));
    }

    @Override
    public Constant newOperation(AbstractInsnNode instruction) throws AnalyzerException {
        return of(basic.newOperation(instruction), created(instruction));
    }

    private static Content created(AbstractInsnNode instruction) {
        if (instruction instanceof LdcInsnNode constant) {
            if (constant.cst instanceof String text) {
                return new Constant.Text(text);
            }
            return constant.cst instanceof Type type ? new Constant.Type(type.getClassName()) : Constant.UNKNOWN;
        }
        if (instruction instanceof IntInsnNode number && instruction.getOpcode() != Opcodes.NEWARRAY) {
            return new Constant.Index(number.operand);
        }
        if (instruction instanceof TypeInsnNode made) {
            return new Constant.Instance(Type.getObjectType(made.desc).getClassName());
        }
        if (instruction instanceof FieldInsnNode field && field.name.equals("TYPE")) {
            return primitive(field.owner);
        }
        int opcode = instruction.getOpcode();
        return opcode >= Opcodes.ICONST_0 && opcode <= Opcodes.ICONST_5
                ? new Constant.Index(opcode - Opcodes.ICONST_0)
                : Constant.UNKNOWN;
    }

    /** The field TYPE of a wrapper, which the compiler writes for {@code boolean.class}. */
    private static Content primitive(String wrapper) {
        return switch (wrapper) {
            case "java/lang/Boolean" -> new Constant.Type("boolean");
            case "java/lang/Integer" -> new Constant.Type("int");
            case "java/lang/Long" -> new Constant.Type("long");
            case "java/lang/Double" -> new Constant.Type("double");
            case "java/lang/Void" -> new Constant.Type("void");
            default -> Constant.UNKNOWN;
        };
    }

    @Override
    public Constant copyOperation(AbstractInsnNode instruction, Constant value) {
        return value;
    }

    @Override
    public @Nullable Constant unaryOperation(AbstractInsnNode instruction, Constant value) throws AnalyzerException {
        BasicValue result = basic.unaryOperation(instruction, value.basic());
        if (instruction.getOpcode() == Opcodes.CHECKCAST) {
            return of(result, value.content());
        }
        if (instruction.getOpcode() == Opcodes.ANEWARRAY && value.content() instanceof Constant.Index length) {
            return of(result, arrays.computeIfAbsent(instruction, created -> Elements.ofLength(length.value())));
        }
        return result == null ? null : unknown(result);
    }

    @Override
    public @Nullable Constant binaryOperation(AbstractInsnNode instruction, Constant left, Constant right)
            throws AnalyzerException {
        BasicValue result = basic.binaryOperation(instruction, left.basic(), right.basic());
        return result == null ? null : unknown(result);
    }

    @Override
    public @Nullable Constant ternaryOperation(
            AbstractInsnNode instruction, Constant array, Constant index, Constant value) throws AnalyzerException {
        if (array.content() instanceof Elements elements && index.content() instanceof Constant.Index at) {
            elements.set(at.value(), value.content());
        }
        return null;
    }

    @Override
    public @Nullable Constant naryOperation(AbstractInsnNode instruction, List<? extends Constant> values)
            throws AnalyzerException {
        BasicValue result = basic.naryOperation(
                instruction, values.stream().map(Constant::basic).toList());
        if (result == null) {
            return null;
        }
        return of(
                result,
                instruction instanceof MethodInsnNode call
                        ? returned(call, values.stream().map(Constant::content).toList())
                        : Constant.UNKNOWN);
    }

    /** Returns what the call returns. The first value is the receiver, unless the method is static. */
    private Content returned(MethodInsnNode call, List<Content> values) {
        if (call.owner.equals("java/lang/Class")) {
            Content first = values.get(0);
            return switch (call.name) {
                case "forName" -> first instanceof Constant.Text name ? new Constant.Type(name.value()) : first;
                case "asSubclass" -> first;
                case "getName" -> first instanceof Constant.Type type ? new Constant.Text(type.name()) : first;
                default -> Constant.UNKNOWN;
            };
        }
        if (call.owner.equals("java/lang/invoke/MethodType") && call.name.equals("methodType")) {
            if (values.size() == 1) {
                return Elements.ofLength(0);
            }
            return values.size() == 2 && call.desc.contains("[") ? values.get(1) : Constant.UNKNOWN;
        }
        return call.getOpcode() == Opcodes.INVOKESTATIC ? ownMethods.apply(call).with(values::get) : Constant.UNKNOWN;
    }

    @Override
    public void returnOperation(AbstractInsnNode instruction, Constant value, Constant expected) {
        result = Optional.of(
                result.filter(other -> !other.equals(value.content())).isPresent()
                        ? Constant.UNKNOWN
                        : value.content());
    }

    /** Returns what the method returns, after its analysis. */
    Content result() {
        return result.orElse(Constant.UNKNOWN);
    }

    @Override
    public Constant merge(Constant one, Constant other) {
        if (one.equals(other)) {
            return one;
        }
        return unknown(basic.merge(one.basic(), other.basic()));
    }
}
