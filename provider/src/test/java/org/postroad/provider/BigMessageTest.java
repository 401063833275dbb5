// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.activation.DataHandler;
import jakarta.activation.DataSource;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Transcript;
import org.postroad.spi.DeliveryListener;

/** A message larger than the heap, sent to many domains concurrently, in a separate JVM with a limited heap. */
class BigMessageTest {

    private static final int DOMAINS = 20;
    private static final int SIZE = 50_000_000;
    /** The open files of this process, if the system lists them (Linux). */
    private static final Path HANDLES = Path.of("/proc/self/fd");

    private static final String HEAP = "-Xmx64m";

    @Test
    @Timeout(300)
    void memory_aMessageOf50MegabytesTo20DomainsIsNotHeldInMemory(@TempDir Path spool) throws Exception {
        Transcript transcript = new Transcript();
        try (FakeSmtpServer byData =
                        FakeSmtpServer.start("data", Family.IPV4, transcript).keepingAtMost(0);
                FakeSmtpServer byChunks = FakeSmtpServer.start("chunks", Family.IPV4, transcript)
                        .keywords("PIPELINING", "CHUNKING")
                        .keepingAtMost(0)) {
            List<String> command = ChildJvm.command(Sender.class, HEAP, "-Djava.io.tmpdir=" + spool);
            command.addAll(List.of(String.valueOf(byData.port()), String.valueOf(byChunks.port())));
            Process sender =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(sender.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(sender.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(said).isEqualTo("sent; spool files at once: " + (Files.isDirectory(HANDLES) ? 1 : 0) + "\n");
            assertThat(byData.received()).hasSize(DOMAINS / 4);
            assertThat(byChunks.received()).hasSize(DOMAINS * 3 / 4);
            List<String> sizes = transcript.linesOf("data< (");
            assertThat(sizes).hasSize(DOMAINS / 4);
            assertThat(sizes.stream().distinct()).hasSize(1);
            // Base64 turns 3 octets into 4 and adds line ends.
            assertThat(Long.parseLong(sizes.get(0).replaceAll("\\D", ""))).isGreaterThan(SIZE / 3 * 4);
        }
        assertThat(spool).isEmptyDirectory();
    }

    /** The program that runs in the separate JVM. */
    static final class Sender {

        public static void main(String[] ports) throws Exception {
            ChildJvm.logNoDeliveries();
            Properties properties = new Properties();
            properties.setProperty("mail.transport.protocol.rfc822", "mx");
            properties.setProperty("mail.mx.localhost", "client.test");
            properties.setProperty("mail.mx.addresses.allow", "127.0.0.0/8");
            properties.setProperty(
                    "mail.mx.routes",
                    IntStream.range(0, DOMAINS)
                            .mapToObj(i -> "d" + i + ".test=[127.0.0.1]:" + ports[i % 4 == 0 ? 0 : 1])
                            .collect(Collectors.joining(";")));
            AtomicInteger files = new AtomicInteger();
            properties.put(
                    "mail.mx.listener", (DeliveryListener) event -> files.accumulateAndGet(spoolFiles(), Math::max));
            Transport.send(message(Session.getInstance(properties)));
            Postroad.close();
            System.out.print("sent; spool files at once: " + files + "\n");
        }

        /** Counts the spool files, which have no names, only file handles. */
        private static int spoolFiles() {
            if (!Files.isDirectory(HANDLES)) {
                return 0;
            }
            int count = 0;
            try (DirectoryStream<Path> handles = Files.newDirectoryStream(HANDLES)) {
                for (Path handle : handles) {
                    count += isSpoolFile(handle) ? 1 : 0;
                }
                return count;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private static boolean isSpoolFile(Path handle) throws IOException {
            try {
                return Files.readSymbolicLink(handle).toString().matches(".*/postroad-[^/]*\\.eml.*");
            } catch (NoSuchFileException closed) {
                return false;
            }
        }

        private static MimeMessage message(Session session) throws Exception {
            MimeMessage message = new MimeMessage(session);
            message.setFrom(new InternetAddress("me@client.test"));
            for (int i = 0; i < DOMAINS; i++) {
                message.addRecipient(Message.RecipientType.TO, new InternetAddress("u@d" + i + ".test"));
            }
            MimeBodyPart big = new MimeBodyPart();
            big.setDataHandler(new DataHandler(new Zeros()));
            big.setHeader("Content-Transfer-Encoding", "base64");
            message.setContent(new MimeMultipart(big));
            return message;
        }
    }

    /** Generates many octets without storing them. */
    private static final class Zeros implements DataSource {

        @Override
        public InputStream getInputStream() {
            return new InputStream() {
                private int left = SIZE;

                @Override
                public int read() {
                    return left-- > 0 ? 0 : -1;
                }

                @Override
                public int read(byte[] octets, int offset, int length) {
                    if (left <= 0) {
                        return -1;
                    }
                    int now = Math.min(left, length);
                    left -= now;
                    return now;
                }
            };
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            throw new IOException("read only");
        }

        @Override
        public String getContentType() {
            return "application/octet-stream";
        }

        @Override
        public String getName() {
            return "zeros";
        }
    }
}
