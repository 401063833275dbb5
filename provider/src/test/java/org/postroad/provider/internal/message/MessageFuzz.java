// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import static org.postroad.provider.fuzz.Fuzzing.check;
import static org.postroad.provider.fuzz.Fuzzing.checkShowable;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;
import org.postroad.provider.fuzz.Fuzzing;

/** Fuzzes messages of arbitrary octets: parsing of the MIME structure, and the form for a server without 8BITMIME and SMTPUTF8. */
class MessageFuzz {

    /** Maximum number of visitor calls per octet: it may begin a line, a part and a body. */
    private static final int CALLS_FOR_EACH_OCTET = 8;

    @FuzzTest
    void messages(byte[] input) throws IOException {
        Fuzzing.linear(input, () -> checkMessage(input));
        checkCalls(input);
    }

    private static void checkCalls(byte[] input) throws IOException {
        AtomicLong calls = new AtomicLong();
        MimeScanner.Visitor counting = (MimeScanner.Visitor) Proxy.newProxyInstance(
                MimeScanner.class.getClassLoader(),
                new Class<?>[] {MimeScanner.Visitor.class},
                (proxy, method, arguments) -> {
                    calls.incrementAndGet();
                    return null;
                });
        MimeScanner scanner = new MimeScanner(counting);
        scanner.take(input, 0, input.length);
        scanner.finish();
        check(
                calls.get() <= CALLS_FOR_EACH_OCTET * (input.length + 1L),
                () -> calls + " calls for an input of " + input.length);
    }

    private static void checkMessage(byte[] input) throws IOException {
        SpooledMessage message;
        try {
            message = MessageSpool.write(out -> out.write(input), Samples.defaults(), SpoolSettings.DEFAULTS);
        } catch (UnsendableMessageException | MessageTooLargeException e) {
            checkShowable(String.valueOf(e.getMessage()));
            return;
        }
        try (message) {
            String text = Samples.text(message);
            check(
                    text.length() == message.facts().size(),
                    () -> "the size is " + message.facts().size());
            check(text.endsWith("\r\n"), () -> "no end of line at the end");
            Conversion.ConversionResult result = Conversion.convert(message, Samples.SEVEN_BIT, SpoolSettings.DEFAULTS);
            if (result instanceof Conversion.Impossible impossible) {
                checkShowable(impossible.reason());
                return;
            }
            try (SpooledMessage converted = ((Conversion.Converted) result).message()) {
                String ascii = Samples.text(converted);
                check(ascii.chars().allMatch(c -> c < 128), () -> "beyond ASCII after the conversion");
            }
        }
    }
}
