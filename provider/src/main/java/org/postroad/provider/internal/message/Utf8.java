// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Strict decoding, which fails on octets that are invalid in the charset. */
final class Utf8 {

    private Utf8() {}

    static boolean isValid(byte[] octets, int start, int length) {
        return decode(octets, start, length, StandardCharsets.UTF_8).isPresent();
    }

    static Optional<String> decode(byte[] octets) {
        return decode(octets, 0, octets.length, StandardCharsets.UTF_8);
    }

    /** Returns the decoded text; empty if the octets are invalid in the charset. */
    static Optional<String> decode(byte[] octets, int start, int length, Charset charset) {
        try {
            return Optional.of(charset.newDecoder()
                    .decode(ByteBuffer.wrap(octets, start, length))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
