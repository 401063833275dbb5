// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Reads messages with Jakarta Mail, to check what a real reader sees. */
final class ReadBack {

    private ReadBack() {}

    static MimeMessage message(String octets) throws MessagingException {
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(Samples.octets(octets)));
    }

    /** Returns the decoded octets of each leaf, in order. */
    static List<String> leaves(String octets) throws MessagingException, IOException {
        List<String> leaves = new ArrayList<>();
        collect(message(octets), leaves);
        return leaves;
    }

    private static void collect(Part part, List<String> leaves) throws MessagingException, IOException {
        if (part.isMimeType("multipart/*")) {
            MimeMultipart multipart = (MimeMultipart) part.getContent();
            for (int i = 0; i < multipart.getCount(); i++) {
                collect(multipart.getBodyPart(i), leaves);
            }
        } else if (part.isMimeType("message/rfc822")) {
            collect((Part) part.getContent(), leaves);
        } else {
            try (InputStream in = part.getInputStream()) {
                leaves.add(Samples.text(in.readAllBytes()));
            }
        }
    }
}
