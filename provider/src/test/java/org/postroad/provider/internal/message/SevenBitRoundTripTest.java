// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** An independent parser must read the same content before and after the conversion. */
final class SevenBitRoundTripTest {

    /** A node of a generated message. Its boundary is derived from its position. */
    private sealed interface Node {}

    private record Leaf(String type, String encoding, String content) implements Node {}

    private record Multi(String label, List<Node> children) implements Node {}

    private record Embedded(String label, Node inner) implements Node {}

    @Property(tries = 500)
    void message_decodesToTheSameContentAfterConversion(@ForAll("trees") Node tree)
            throws IOException, MessagingException {
        String message = Samples.COMPLETE + "MIME-Version: 1.0\r\n" + write(tree, "b");
        SpooledMessage original = Samples.spool(message);
        SpooledMessage converted = Conversion.convert(original, Samples.SEVEN_BIT, SpoolSettings.DEFAULTS)
                .fold(Conversion.Converted::message, impossible -> {
                    throw new AssertionError(impossible.reason());
                });
        String after = Samples.text(converted);
        assertThat(after.chars().allMatch(c -> c < 128)).isTrue();
        assertThat(leaves(after)).isEqualTo(leaves(Samples.text(original)));
        SpooledMessage again = Conversion.convert(converted, Samples.SEVEN_BIT, SpoolSettings.DEFAULTS)
                .fold(Conversion.Converted::message, impossible -> {
                    throw new AssertionError(impossible.reason());
                });
        assertThat(Samples.text(again)).isEqualTo(after);
    }

    private static String write(Node node, String boundary) {
        if (node instanceof Leaf leaf) {
            return "Content-Type: " + leaf.type() + "\r\n" + leaf.encoding() + "\r\n" + leaf.content();
        }
        if (node instanceof Embedded embedded) {
            return "Content-Type: message/rfc822\r\n" + embedded.label() + "\r\nSubject: in\r\nMIME-Version: 1.0\r\n"
                    + write(embedded.inner(), boundary + "m");
        }
        Multi multi = (Multi) node;
        StringBuilder text = new StringBuilder("Content-Type: multipart/mixed;\r\n\tboundary=\"" + boundary + "\"\r\n"
                + multi.label() + "\r\npreamble\r\n");
        for (int i = 0; i < multi.children().size(); i++) {
            text.append("--").append(boundary).append("\r\n");
            text.append(write(multi.children().get(i), boundary + i)).append("\r\n");
        }
        return text.append("--").append(boundary).append("--\r\nepilogue").toString();
    }

    private static List<String> leaves(String message) throws IOException, MessagingException {
        List<String> leaves = new ArrayList<>();
        MimeMessage parsed = new MimeMessage(
                Session.getInstance(new Properties()), new ByteArrayInputStream(Samples.octets(message)));
        collect(parsed, leaves);
        return leaves;
    }

    private static void collect(Part part, List<String> leaves) throws IOException, MessagingException {
        if (part.isMimeType("multipart/*")) {
            MimeMultipart multipart = (MimeMultipart) part.getContent();
            leaves.add("multipart " + multipart.getCount());
            for (int i = 0; i < multipart.getCount(); i++) {
                BodyPart child = multipart.getBodyPart(i);
                collect(child, leaves);
            }
        } else if (part.isMimeType("message/rfc822")) {
            leaves.add("message");
            collect((Part) part.getContent(), leaves);
        } else {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            try (InputStream in = part.getInputStream()) {
                in.transferTo(content);
            }
            leaves.add(part.getContentType() + ": " + Samples.text(content.toByteArray()));
        }
    }

    @Provide
    Arbitrary<Node> trees() {
        return tree(3);
    }

    private static Arbitrary<Node> tree(int depth) {
        if (depth == 0) {
            return leaf();
        }
        Arbitrary<Node> deeper = Arbitraries.lazy(() -> tree(depth - 1));
        Arbitrary<Node> multi = Combinators.combine(
                        label(), deeper.list().ofMinSize(1).ofMaxSize(4))
                .as(Multi::new);
        Arbitrary<Node> embedded = Combinators.combine(label(), deeper).as(Embedded::new);
        return Arbitraries.oneOf(leaf(), multi, embedded);
    }

    private static Arbitrary<Node> leaf() {
        Arbitrary<String> type = Arbitraries.of(
                "text/plain; charset=iso-8859-1",
                "text/html",
                "application/octet-stream",
                "image/png",
                "text/x-odd; a=\"--b\"");
        return Combinators.combine(type, label(), content()).as(Leaf::new);
    }

    private static Arbitrary<String> label() {
        return Arbitraries.of(
                "",
                "Content-Transfer-Encoding: 7bit\r\n",
                "Content-Transfer-Encoding: 8bit\r\n",
                "Content-Transfer-Encoding: binary\r\n");
    }

    private static Arbitrary<String> content() {
        Arbitrary<String> piece = Arbitraries.of(
                "\r\n",
                "\r\n",
                "\u00e9",
                "\u00ff\u0080",
                "=",
                " ",
                "\t",
                ".",
                "--",
                "--b",
                "--b0",
                "From ",
                "x",
                "\0",
                "=E9",
                "--zz--",
                "a line that is long enough to need more than one soft line break before it is at its end ---- ");
        return piece.list()
                .ofMaxSize(20)
                .map(pieces -> String.join("", pieces))
                .filter(SevenBitRoundTripTest::isNoDelimiter);
    }

    private static boolean isNoDelimiter(String content) {
        return content.lines().noneMatch(line -> line.strip().matches("--b[0-9m]*(--)?.*"));
    }
}
