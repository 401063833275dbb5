// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Printable;

/**
 * Reads single properties. Its errors and warnings name the property, its value and the allowed values. They never put a control character
 * into a log, and never show a value that may contain a password.
 */
final class PropertyReader {

    static final String PREFIX = "mail.mx.";

    /** A time-out below this was probably meant in seconds. */
    private static final Duration SHORTEST_PLAUSIBLE = Duration.ofSeconds(1);

    private static final Pattern DURATION = Pattern.compile("(\\d{1,15})(ms|s|m|h|d)?");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

    /** Properties whose values are URLs that may contain a password. The values are never shown. */
    private static final Set<String> SECRET = Set.of("relay", "relay.ipv4", "relay.ipv6");

    /** Matches a URL with a user or a password parameter: a value that was probably meant for another setting. */
    private static final Pattern MAYBE_SECRET = Pattern.compile("://[^/]*@|passw|secret", Pattern.CASE_INSENSITIVE);

    private static final Set<String> YES = Set.of("true", "yes", "on", "1");
    private static final Set<String> NO = Set.of("false", "no", "off", "0");

    private final Properties properties;

    PropertyReader(Properties properties) {
        this.properties = properties;
    }

    /** Returns whether the property begins with {@link #PREFIX}. */
    static boolean isOurs(String property) {
        return property.startsWith(PREFIX);
    }

    /** Returns the names of all properties that begin with {@link #PREFIX}, including those in the defaults of the Properties. */
    static Set<String> names(Properties properties) {
        Set<String> names = new TreeSet<>();
        try {
            properties.propertyNames().asIterator().forEachRemaining(name -> names.add((String) name));
        } catch (ClassCastException keyThatIsNoText) {
            // propertyNames() throws on a key that is not a String; the other methods skip such a key.
            names.addAll(properties.stringPropertyNames());
            properties.keySet().stream().filter(String.class::isInstance).forEach(name -> names.add((String) name));
        }
        names.removeIf(name -> !isOurs(name));
        return names;
    }

    /**
     * Returns the value of a property: the object in the Properties, else the text, which may come from their defaults.
     *
     * @param property the name with its prefix
     * @return empty if it is not set, or if it is an object in the defaults, which cannot be read
     */
    static Optional<Object> value(Properties properties, String property) {
        Object own = properties.get(property);
        return own == null || own instanceof String
                ? Optional.ofNullable(properties.getProperty(property))
                : Optional.of(own);
    }

    /** Returns the object, or the text without surrounding white space; empty if it is not set or blank. */
    private Optional<Object> rawValue(String name) {
        return value(properties, PREFIX + name)
                .map(value ->
                        value instanceof CharSequence text ? text.toString().strip() : value)
                .filter(value -> !"".equals(value));
    }

    /** Returns the text of a setting that may also be a plug-in object; empty if it is not set, blank, or an object. */
    Optional<String> textUnlessObject(String name) {
        return rawValue(name).filter(String.class::isInstance).map(String.class::cast);
    }

    /** Returns the text that the value of a setting stands for, whatever its type; empty if it is not set or blank. */
    private Optional<String> text(String name, String allowed, Function<Object, Optional<String>> kind) {
        return rawValue(name)
                .map(value -> kind.apply(value).orElseGet(() -> reject(name, ObjectText.describe(value), allowed)));
    }

    /** Returns the object in the properties, or an instance of the class named there. */
    <T> Optional<T> object(String name, Class<T> type) {
        return object(name, type, "an object of " + type.getName(), text -> instance(name, text, type));
    }

    /** Returns the object in the properties, or the one that {@code byText} finds for the text there. */
    <T> Optional<T> object(String name, Class<T> type, String allowed, Function<String, Object> byText) {
        return rawValue(name)
                .map(value -> value instanceof String text
                        ? checked(name, byText.apply(text), type, text + " -> ", allowed)
                        : checked(name, value, type, "", allowed));
    }

    private static <T> T checked(String name, Object object, Class<T> type, String origin, String allowed) {
        return type.isInstance(object)
                ? type.cast(object)
                : reject(name, origin + ObjectText.describe(object), allowed);
    }

    /** Returns the instance of a class. The type and the constructor are checked before any code of the class runs. */
    private static <T> T instance(String name, String className, Class<T> type) {
        Class<? extends T> named;
        Constructor<? extends T> constructor;
        try {
            ClassLoader context = Thread.currentThread().getContextClassLoader();
            named = Class.forName(className, false, context != null ? context : type.getClassLoader())
                    .asSubclass(type);
            constructor = named.getConstructor();
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            throw refusal(
                    "The property " + PREFIX + name + " names the class " + Printable.quote(className)
                            + ", which is not a " + type.getName() + " with a public constructor without parameters",
                    e);
        }
        try {
            return OnePerClass.<T>instance(named, maker(constructor));
        } catch (IllegalStateException | LinkageError e) {
            Throwable reason = e.getCause() != null ? e.getCause() : e;
            throw refusal(
                    "The property " + PREFIX + name + " names the class " + Printable.quote(className)
                            + ", which cannot be instantiated: " + Printable.describe(reason),
                    e);
        }
    }

    private static <T> Supplier<T> maker(Constructor<? extends T> constructor) {
        return () -> {
            try {
                return constructor.newInstance();
            } catch (InvocationTargetException e) {
                throw new IllegalStateException(constructor + " failed", e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(constructor + " failed", e);
            }
        };
    }

    /** Reads a flag. Any other word is an error, because a misspelt value would silently leave a feature off. */
    boolean flag(String name, boolean standard) {
        String allowed = "true or false (also yes or no, on or off, 1 or 0)";
        return text(name, allowed, ObjectText::ofFlag)
                .map(text -> {
                    String word = text.toLowerCase(Locale.ROOT);
                    return YES.contains(word)
                            || (!NO.contains(word) && PropertyReader.<Boolean>reject(name, text, allowed));
                })
                .orElse(standard);
    }

    int number(String name, int standard, int least, int most) {
        String allowed = "a number from " + least + " to " + most;
        return text(name, allowed, ObjectText::ofNumber)
                .map(text -> number(text, least, most).orElseGet(() -> reject(name, text, allowed)))
                .orElse(standard);
    }

    /** Parses a number in decimal ASCII digits; empty if it is not one or is out of range. */
    static Optional<Integer> number(String text, int least, int most) {
        if (!NUMBER.matcher(text).matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(text);
        return number < least || number > most ? Optional.empty() : Optional.of((int) number);
    }

    private static final String DURATIONS =
            "a duration such as 30000 (milliseconds), 30s, 5m, 4h or 5d, more than 0 and at most 30d";

    /** Reads a duration: milliseconds, or {@code 30s}, {@code 5m}, {@code 4h}, {@code 5d}. Always more than zero. */
    Duration duration(String name, Duration standard) {
        return durationIfSet(name).orElse(standard);
    }

    private Optional<Duration> durationIfSet(String name) {
        return text(name, DURATIONS, ObjectText::ofDuration)
                .map(text -> duration(text).orElseGet(() -> reject(name, text, DURATIONS)));
    }

    /** Reads a time-out. Warns below one second, because a number without a unit is in milliseconds. */
    Duration timeOut(String name, Duration standard) {
        return timeOut(name, standard, ObjectText.LONGEST);
    }

    /** Reads a time-out with a maximum, which is a whole number of minutes. Warns below one second. */
    Duration timeOut(String name, Duration standard, Duration most) {
        Optional<Duration> duration = durationIfSet(name);
        duration.filter(given -> given.compareTo(most) > 0)
                .ifPresent(given -> reject(
                        name,
                        given.toMillis() + "ms",
                        "a duration such as 30000 (milliseconds), 30s or 5m, more than 0 and at most "
                                + most.toMinutes() + "m"));
        duration.filter(given -> given.compareTo(SHORTEST_PLAUSIBLE) < 0)
                .ifPresent(given -> warn("The property " + PREFIX + name + " is " + given.toMillis()
                        + " milliseconds, which is too short for most servers; a number without a unit is milliseconds, "
                        + given.toMillis() + " seconds are written " + given.toMillis() + "s"));
        return duration.orElse(standard);
    }

    /** Reads a duration, or a plain 0 for {@link Duration#ZERO}. */
    Duration durationOrZero(String name, Duration standard) {
        boolean zero = text(name, DURATIONS, ObjectText::ofDuration)
                .filter("0"::equals)
                .isPresent();
        return zero ? Duration.ZERO : duration(name, standard);
    }

    /** Reads a duration within limits, or {@code off}, which gives an empty result. */
    Optional<Duration> durationOrOff(String name, Duration standard, Duration least, Duration most) {
        String allowed =
                "a duration from " + least.toMillis() + " to " + most.toMillis() + " (milliseconds, or 1s, 2s), or off";
        String text = text(name, allowed, ObjectText::ofDuration).orElseGet(() -> standard.toMillis() + "ms");
        if (text.equalsIgnoreCase("off")) {
            return Optional.empty();
        }
        Optional<Duration> within =
                duration(text).filter(duration -> duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0);
        return within.isPresent() ? within : reject(name, text, allowed);
    }

    /** Reads a duration with a minimum. */
    Duration durationOfAtLeast(String name, Duration standard, Duration least) {
        Duration duration = duration(name, standard);
        return duration.compareTo(least) < 0
                ? reject(name, duration.toMillis() + "ms", "a duration of at least " + least.toMillis() + "ms")
                : duration;
    }

    /** Reads a duration; empty if it is not set or {@code off}. */
    Optional<Duration> durationUnlessOff(String name) {
        boolean off = text(name, DURATIONS + ", or off", ObjectText::ofDuration)
                .filter("off"::equalsIgnoreCase)
                .isPresent();
        return off ? Optional.empty() : durationIfSet(name);
    }

    /**
     * Parses one duration of a list.
     *
     * @throws IllegalArgumentException if it is not a duration
     */
    static Duration durationOf(String text) {
        return duration(text)
                .orElseThrow(() -> new IllegalArgumentException(Printable.quote(text) + " is not a duration"));
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
        boolean fits = count > 0 && count <= ObjectText.LONGEST.toMillis() / unit;
        return fits ? Optional.of(Duration.ofMillis(count * unit)) : Optional.empty();
    }

    /** Reads a list: parts separated by commas or white space, or the elements of a collection or an array. */
    <T> List<T> list(String name, String allowed, Function<String, T> parser) {
        return list(name, allowed, ObjectText::ofText, parser);
    }

    /** Reads a list of durations. */
    List<Duration> durations(String name, String allowed) {
        return list(name, allowed, ObjectText::ofDuration, PropertyReader::durationOf);
    }

    private <T> List<T> list(
            String name, String allowed, Function<Object, Optional<String>> kind, Function<String, T> parser) {
        Optional<List<String>> parts = parts(name, allowed, kind);
        return parts
                .or(() -> text(name, allowed, kind).map(text -> Arrays.asList(SEPARATOR.split(text))))
                .orElse(List.of())
                .stream()
                .filter(part -> !part.isEmpty())
                .map(part -> parse(name, part, allowed, parser))
                .toList();
    }

    /** Returns the texts of a collection or an array; empty if the value is neither. */
    private Optional<List<String>> parts(String name, String allowed, Function<Object, Optional<String>> kind) {
        return rawValue(name).flatMap(ObjectText::parts).map(parts -> {
            List<String> texts = new ArrayList<>();
            for (@Nullable Object part : parts) {
                texts.add(Optional.ofNullable(part)
                        .flatMap(kind)
                        .orElseGet(() -> reject(
                                name, "a list with " + (part == null ? "null" : ObjectText.describe(part)), allowed)));
            }
            return texts;
        });
    }

    /** Reads a single value. Control characters are an error. */
    <T> Optional<T> value(String name, String allowed, Function<String, T> parser) {
        return text(name, allowed, ObjectText::ofText).map(text -> {
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw refusal(name, text, allowed, new IllegalArgumentException("it has a control character"));
            }
            return parse(name, text, allowed, parser);
        });
    }

    /**
     * Reads a value of several parts, which the parser splits.
     *
     * @param separator joins the elements if the value is a collection or an array
     */
    <T> Optional<T> compound(String name, String allowed, String separator, Function<String, T> parser) {
        return parts(name, allowed, ObjectText::ofText)
                .map(parts -> String.join(separator, parts))
                .filter(text -> !text.isEmpty())
                .or(() -> rawValue(name).flatMap(ObjectText::parts).isPresent()
                        ? Optional.empty()
                        : text(name, allowed, ObjectText::ofText))
                .map(text -> parse(name, text, allowed, parser));
    }

    /** Reads one of several words, in upper or lower case. */
    <E extends Enum<E>> Optional<E> word(String name, String allowed, Class<E> type) {
        return text(name, allowed, ObjectText::ofText)
                .map(text -> Arrays.stream(type.getEnumConstants())
                        .filter(word -> word.name().equalsIgnoreCase(text))
                        .findFirst()
                        .orElseGet(() -> reject(name, text, allowed)));
    }

    private static <T> T parse(String name, String text, String allowed, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw refusal(name, text, allowed, e);
        }
    }

    /** Returns the error for a value that cannot be used, with the reason. */
    static SettingsException refusal(String name, String value, String allowed, IllegalArgumentException why) {
        if (SECRET.contains(name)) { // the reason quotes only what may be shown
            return new SettingsException("The property " + PREFIX + name + "; allowed is " + allowed + ": "
                    + Printable.clean(String.valueOf(why.getMessage())));
        }
        return MAYBE_SECRET.matcher(value).find()
                ? unshown(name, allowed)
                : refusal(
                        "The property " + PREFIX + name + " has the value " + Printable.quote(value) + "; allowed is "
                                + allowed + ": " + Printable.clean(String.valueOf(why.getMessage())),
                        why);
    }

    /** Returns an error. A cause with control characters in its text is dropped, because logs show the messages of causes as well. */
    static SettingsException refusal(String message, @Nullable Throwable cause) {
        boolean plain = true;
        for (Throwable one = cause; one != null && plain; one = one.getCause()) {
            plain = one.toString().codePoints().allMatch(Printable::isPlain);
        }
        return new SettingsException(message, plain ? cause : null);
    }

    /** Throws the error for a value that is not allowed. */
    static <T> T reject(String name, String value, String allowed) {
        if (MAYBE_SECRET.matcher(value).find()) {
            throw unshown(name, allowed);
        }
        throw new SettingsException("The property " + PREFIX + name + " has the value " + Printable.quote(value)
                + "; allowed is " + allowed);
    }

    private static SettingsException unshown(String name, String allowed) {
        return new SettingsException("The property " + PREFIX + name
                + " has a value that is not shown, because it may contain a password; allowed is " + allowed);
    }

    /** @param message foreign text in it must have been cleaned with {@link Printable} */
    static void warn(String message) {
        System.getLogger(PropertyReader.class.getName()).log(System.Logger.Level.WARNING, message);
    }
}
