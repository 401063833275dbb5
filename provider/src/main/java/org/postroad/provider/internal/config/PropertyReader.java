// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postroad.api.Printable;

/** Reads single properties, and blames them. */
final class PropertyReader {

    static final String PREFIX = "mail.mx.";

    private static final Pattern DURATION = Pattern.compile("(\\d{1,15})(ms|s|m|h|d)?");

    private final Properties properties;

    PropertyReader(Properties properties) {
        this.properties = properties;
    }

    /** Whether the property, with its prefix, is one of ours. */
    static boolean isOurs(String property) {
        return property.startsWith(PREFIX);
    }

    /** The text; empty where it is not set, or blank. */
    Optional<String> text(String name) {
        return Optional.ofNullable(properties.getProperty(PREFIX + name))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    /** An object of the type that stands in the properties, or one of the class that is named there. */
    <T> Optional<T> object(String name, Class<T> type) {
        return object(name, type, "an object of " + type.getName(), text -> instance(name, text, type));
    }

    /** An object of the type that stands in the properties, or the one that the text there leads to. */
    <T> Optional<T> object(String name, Class<T> type, String allowed, Function<String, Object> byText) {
        Object value = properties.get(PREFIX + name);
        if (value != null && !(value instanceof String)) {
            return Optional.of(checked(name, value, type, "", allowed));
        }
        return text(name).map(text -> checked(name, byText.apply(text), type, text + " -> ", allowed));
    }

    private static <T> T checked(String name, Object object, Class<T> type, String origin, String allowed) {
        return type.isInstance(object)
                ? type.cast(object)
                : blame(name, origin + "an object of " + object.getClass().getName(), allowed);
    }

    private static <T> T instance(String name, String className, Class<T> type) {
        try {
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            Class<? extends T> named = Class.forName(className, true, loader != null ? loader : type.getClassLoader())
                    .asSubclass(type);
            return OnePerClass.<T>instance(named, maker(named.getConstructor()));
        } catch (ReflectiveOperationException | ClassCastException | IllegalStateException e) {
            throw new IllegalArgumentException(
                    "The property " + PREFIX + name + " names the class " + Printable.quote(className)
                            + ", which is no " + type.getName() + " with a public constructor without parameters",
                    e);
        }
    }

    private static <T> Supplier<T> maker(Constructor<? extends T> constructor) {
        return () -> {
            try {
                return constructor.newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(constructor + " failed", e);
            }
        };
    }

    /** As Jakarta Mail reads them: only "false" is false where the default is true, only "true" is true where it is false. */
    boolean flag(String name, boolean standard) {
        Object value = properties.get(PREFIX + name);
        if (value instanceof Boolean flag) {
            return flag;
        }
        return text(name)
                .map(text -> standard ? !text.equalsIgnoreCase("false") : text.equalsIgnoreCase("true"))
                .orElse(standard);
    }

    int number(String name, int standard, int least, int most) {
        String allowed = "a number from " + least + " to " + most;
        int number = digits(name)
                .map(digits -> parse(name, digits, allowed, Integer::parseInt))
                .orElse(standard);
        return number < least || number > most ? blame(name, String.valueOf(number), allowed) : number;
    }

    /** A plain number is milliseconds; or {@code 30s}, {@code 5m}, {@code 4h}, {@code 5d}. Always more than nothing. */
    Duration duration(String name, Duration standard) {
        String allowed = "a duration such as 30000 (milliseconds), 30s, 5m, 4h or 5d, more than 0 and at most 30d";
        return digits(name)
                .map(text -> duration(text).orElseGet(() -> blame(name, text, allowed)))
                .orElse(standard);
    }

    /** The same, but a plain 0 is no time at all. */
    Duration durationOrZero(String name, Duration standard) {
        return digits(name).filter("0"::equals).isPresent() ? Duration.ZERO : duration(name, standard);
    }

    /** A duration within limits, or {@code off}, which is empty. */
    Optional<Duration> durationOrOff(String name, Duration standard, Duration least, Duration most) {
        String allowed =
                "a duration from " + least.toMillis() + " to " + most.toMillis() + " (milliseconds, or 1s, 2s), or off";
        String text = digits(name).orElseGet(() -> standard.toMillis() + "ms");
        if (text.equalsIgnoreCase("off")) {
            return Optional.empty();
        }
        Optional<Duration> within =
                duration(text).filter(duration -> duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0);
        return within.isPresent() ? within : blame(name, text, allowed);
    }

    /** A duration that is not too short. */
    Duration durationOfAtLeast(String name, Duration standard, Duration least) {
        Duration duration = duration(name, standard);
        return duration.compareTo(least) < 0
                ? blame(name, duration.toMillis() + "ms", "a duration of at least " + least.toMillis() + "ms")
                : duration;
    }

    /** A duration; empty where it is not set, or {@code off}. */
    Optional<Duration> durationUnlessOff(String name) {
        return digits(name).filter("off"::equalsIgnoreCase).isPresent()
                        || digits(name).isEmpty()
                ? Optional.empty()
                : Optional.of(duration(name, Duration.ZERO));
    }

    /** A duration as it stands in a list. */
    static Duration durationOf(String text) {
        return duration(text)
                .orElseThrow(() -> new IllegalArgumentException(Printable.quote(text) + " is no duration"));
    }

    private static Optional<Duration> duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        long unit = switch (matcher.group(2) == null ? "ms" : matcher.group(2)) {
            case "s" -> 1000L;
            case "m" -> 60_000L;
            case "h" -> 3_600_000L;
            case "d" -> 86_400_000L;
            default -> 1L;
        };
        boolean fits = count > 0 && count <= Duration.ofDays(30).toMillis() / unit;
        return fits ? Optional.of(Duration.ofMillis(count * unit)) : Optional.empty();
    }

    private Optional<String> digits(String name) {
        Object value = properties.get(PREFIX + name);
        return value instanceof Integer ? Optional.of(value.toString()) : text(name);
    }

    /** Parts separated by commas or white space. */
    <T> List<T> list(String name, String allowed, Function<String, T> parser) {
        return text(name).stream()
                .flatMap(text -> Arrays.stream(text.split("[,\\s]+")))
                .filter(part -> !part.isEmpty())
                .map(part -> parse(name, part, allowed, parser))
                .toList();
    }

    <T> Optional<T> value(String name, String allowed, Function<String, T> parser) {
        return text(name).map(text -> parse(name, text, allowed, parser));
    }

    private static <T> T parse(String name, String text, String allowed, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            boolean secret = name.startsWith("relay");
            throw new IllegalArgumentException(
                    "The property " + PREFIX + name + (secret ? "" : " has the value " + Printable.quote(text))
                            + "; allowed is " + allowed + ": " + e.getMessage(),
                    secret ? null : e);
        }
    }

    static <T> T blame(String name, String value, String allowed) {
        throw new IllegalArgumentException("The property " + PREFIX + name + " has the value " + Printable.quote(value)
                + "; allowed is " + allowed);
    }
}
