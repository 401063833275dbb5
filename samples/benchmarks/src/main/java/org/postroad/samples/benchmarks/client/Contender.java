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
        public Client client(ClientTask task) throws MessagingException {
            return new MxClient(task);
        }
    },
    SPOOLED("mx, spooled") {
        @Override
        public Client client(ClientTask task) throws MessagingException, IOException {
            return new SpooledClient(task);
        }
    },
    ANGUS("smtp") {
        @Override
        public Client client(ClientTask task) throws MessagingException {
            return new AngusClient(task);
        }
    },
    RAW("socket") {
        @Override
        public Client client(ClientTask task) throws MessagingException, IOException {
            byte[] prepared = SampleMessage.octets(compose(task));
            return new RawClient(task, () -> prepared);
        }
    },
    RAW_SERIALISING("socket, serialising") {
        @Override
        public Client client(ClientTask task) throws MessagingException {
            MimeMessage message = compose(task);
            return new RawClient(task, () -> SampleMessage.octets(message));
        }
    };

    private final String name;

    Contender(String name) {
        this.name = name;
    }

    /** Returns a client for one thread. */
    public abstract Client client(ClientTask task) throws MessagingException, IOException;

    private static MimeMessage compose(ClientTask task) throws MessagingException {
        return task.sample().compose(Session.getInstance(new Properties()));
    }

    @Override
    public String toString() {
        return name;
    }
}
