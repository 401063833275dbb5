// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.io.File;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.api.Host;
import org.postroad.api.Mailbox;

/**
 * Converts objects that an application puts into the Properties instead of text. Each kind of setting accepts the types that clearly
 * stand for one. Other objects are not converted, because their {@code toString} could look like a valid setting by chance.
 */
final class ObjectText {

    /** The longest duration of any setting. */
    static final Duration LONGEST = Duration.ofDays(30);

    private ObjectText() {}

    /** Returns the text of an object for a text setting: a name, an address, a path, a word. Empty if the type is not accepted. */
    static Optional<String> ofText(Object object) {
        if (object instanceof CharSequence
                || object instanceof Path
                || object instanceof File
                || object instanceof URI
                || object instanceof URL
                || object instanceof Host
                || object instanceof Domain
                || object instanceof Mailbox) {
            return Optional.of(object.toString().strip());
        }
        if (object instanceof InetAddress address) {
            return Optional.of(address.getHostAddress());
        }
        if (object instanceof InetSocketAddress socket) {
            return Optional.of(ofSocket(socket));
        }
        if (object instanceof Enum<?> word) {
            return Optional.of(word.name());
        }
        return ofNumber(object);
    }

    private static String ofSocket(InetSocketAddress socket) {
        InetAddress address = socket.getAddress();
        String host = address == null ? socket.getHostString() : address.getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + socket.getPort();
    }

    /** Returns the text of an object for a whole number; empty if the type is not accepted. */
    static Optional<String> ofNumber(Object object) {
        boolean whole = object instanceof Integer
                || object instanceof Long
                || object instanceof Short
                || object instanceof Byte
                || object instanceof BigInteger
                || object instanceof CharSequence;
        return whole ? Optional.of(object.toString().strip()) : Optional.empty();
    }

    /** Returns the text of an object for a duration; whole numbers are milliseconds. Empty if the type is not accepted. */
    static Optional<String> ofDuration(Object object) {
        return object instanceof Duration duration ? Optional.of(ofDuration(duration)) : ofNumber(object);
    }

    /** A Duration that is not a whole number of milliseconds, or is too long, keeps its ISO form, which is later rejected. */
    private static String ofDuration(Duration duration) {
        if (duration.isZero()) {
            return "0";
        }
        boolean wholeMillis = duration.toNanosPart() % 1_000_000 == 0;
        boolean fits = duration.abs().compareTo(LONGEST) <= 0;
        return wholeMillis && fits ? duration.toMillis() + "ms" : duration.toString();
    }

    /** Returns the text of an object for a flag; empty if the type is not accepted. */
    static Optional<String> ofFlag(Object object) {
        return object instanceof Boolean ? Optional.of(object.toString()) : ofNumber(object);
    }

    /** Returns the elements of a collection or an array; empty for other objects. */
    static Optional<List<?>> parts(Object object) {
        if (object instanceof Collection<?> collection) {
            return Optional.of(Arrays.asList(collection.toArray()));
        }
        return object instanceof Object[] array ? Optional.of(Arrays.asList(array)) : Optional.empty();
    }

    /** Describes an object for an error message. */
    static String describe(Object object) {
        return "an object of " + object.getClass().getName();
    }
}
