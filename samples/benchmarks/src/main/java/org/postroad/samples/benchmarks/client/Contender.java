// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.Properties;

/** The implementations that are compared. */
public enum Contender {
    MX("mx") {
        @Override
        public Client client(Errand errand) throws MessagingException {
            return new MxClient(errand);
        }
    },
    SPOOLED("mx, spooled") {
        @Override
        public Client client(Errand errand) throws MessagingException, IOException {
            return new SpooledClient(errand);
        }
    },
    ANGUS("smtp") {
        @Override
        public Client client(Errand errand) throws MessagingException {
            return new AngusClient(errand);
        }
    },
    RAW("socket") {
        @Override
        public Client client(Errand errand) throws MessagingException, IOException {
            byte[] prepared = Letter.octets(compose(errand));
            return new RawClient(errand, () -> prepared);
        }
    },
    RAW_SERIALISING("socket, serialising") {
        @Override
        public Client client(Errand errand) throws MessagingException {
            MimeMessage message = compose(errand);
            return new RawClient(errand, () -> Letter.octets(message));
        }
    };

    private final String name;

    Contender(String name) {
        this.name = name;
    }

    /** Returns a client for one thread. */
    public abstract Client client(Errand errand) throws MessagingException, IOException;

    private static MimeMessage compose(Errand errand) throws MessagingException {
        return errand.letter().compose(Session.getInstance(new Properties()));
    }

    @Override
    public String toString() {
        return name;
    }
}
