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
 * The text that an object stands for where an application put an object under a property that holds text. Each kind of setting takes
 * the types that obviously mean one; no other object becomes text, for its {@code toString} could read like a setting by chance.
 */
final class SettingText {

    private SettingText() {}

    /** The text of an object in a place for text: a name, an address, a path, a word. */
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

    /** The text of an object in a place for a whole number. */
    static Optional<String> ofNumber(Object object) {
        boolean whole = object instanceof Integer
                || object instanceof Long
                || object instanceof Short
                || object instanceof Byte
                || object instanceof BigInteger
                || object instanceof CharSequence;
        return whole ? Optional.of(object.toString().strip()) : Optional.empty();
    }

    /** The text of an object in a place for a duration; whole numbers are milliseconds. */
    static Optional<String> ofDuration(Object object) {
        return object instanceof Duration duration ? Optional.of(ofDuration(duration)) : ofNumber(object);
    }

    /** What has no number of milliseconds stays as it is, and is refused as a duration. */
    private static String ofDuration(Duration duration) {
        if (duration.isZero()) {
            return "0";
        }
        boolean wholeMillis = duration.toNanosPart() % 1_000_000 == 0;
        boolean fits = duration.abs().compareTo(PropertyReader.LONGEST) <= 0;
        return wholeMillis && fits ? duration.toMillis() + "ms" : duration.toString();
    }

    /** The text of an object in a place for a flag. */
    static Optional<String> ofFlag(Object object) {
        return object instanceof Boolean ? Optional.of(object.toString()) : ofNumber(object);
    }

    /** The parts of an object that has several, such as a list or an array. */
    static Optional<List<?>> parts(Object object) {
        if (object instanceof Collection<?> collection) {
            return Optional.of(Arrays.asList(collection.toArray()));
        }
        return object instanceof Object[] array ? Optional.of(Arrays.asList(array)) : Optional.empty();
    }

    /** What an object is, in an error. */
    static String describe(Object object) {
        return "an object of " + object.getClass().getName();
    }
}
