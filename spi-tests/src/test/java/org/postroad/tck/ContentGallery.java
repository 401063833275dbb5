// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.util.List;

/** Transports that send or damage content that not every server accepts: MAIL-30, 31, 34. */
final class ContentGallery {

    static final List<Broken> BROKEN = List.of(
            caughtBy(TakesDataForLines.class, "MAIL-30"),
            caughtBy(SendsHeadersBeyondAsciiToEverybody.class, "MAIL-31"),
            caughtBy(SendsLongLines.class, "MAIL-34"),
            caughtBy(BreaksLongLines.class, "MAIL-34"),
            caughtBy(EncodesTheWholeOfSeveralParts.class, "MAIL-34"),
            caughtBy(EncodesWhatIsSigned.class, "MAIL-34"));

    private ContentGallery() {}

    static class TakesDataForLines extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isBinary(String headers, String body) {
                    return false;
                }
            };
        }
    }

    static class SendsHeadersBeyondAsciiToEverybody extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean hasUtf8Header(Mail mail) {
                    return false;
                }
            };
        }
    }

    static class SendsLongLines extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean hasLongLine(String body) {
                    return false;
                }
            };
        }
    }

    static class BreaksLongLines extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected String encoded(String text) {
                    return super.encoded(
                            hasLongLine(text) ? text.replaceAll("([^\r\n]{998})(?=[^\r\n])", "$1\r\n") : text);
                }
            };
        }
    }

    static class EncodesTheWholeOfSeveralParts extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected String withEncodedParts(String headers, String body) {
                    return hasLongLine(body) ? asBase64(headers, body) : headers + "\r\n" + body;
                }
            };
        }
    }

    static class EncodesWhatIsSigned extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isSigned(String headers) {
                    return false;
                }
            };
        }
    }
}
