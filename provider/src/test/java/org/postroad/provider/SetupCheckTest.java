// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import jakarta.mail.Provider;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.URLName;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.Security;
import java.util.Arrays;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.SetupFinding;
import org.postroad.api.SetupFinding.Level;
import org.postroad.api.SetupFinding.Subject;
import org.postroad.api.SetupReport;

/** {@link Postroad#check}: what it finds in Sessions with and without faults. */
@Timeout(300)
class SetupCheckTest extends TransportTesting {

    @TempDir
    Path directory;

    /** A transport that a server registered under the name of ours. */
    public static final class ForeignTransport extends Transport {
        /** Called by Jakarta Mail. */
        public ForeignTransport(Session session, URLName url) {
            super(session, url);
        }

        @Override
        public void sendMessage(jakarta.mail.Message message, jakarta.mail.Address[] addresses) {
            throw new UnsupportedOperationException("never called");
        }
    }

    private Session session() {
        return Session.getInstance(properties);
    }

    private void useTheQueue() {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("queue.db"));
    }

    private static SetupFinding only(SetupReport report, Subject subject) {
        assertThat(report.findings(subject)).hasSize(1);
        return report.findings(subject).get(0);
    }

    private static void assertFinding(SetupReport report, Subject subject, Level level, String... parts) {
        assertThat(only(report, subject).level()).as(report.toString()).isEqualTo(level);
        for (String part : parts) {
            assertThat(only(report, subject).text()).contains(part);
        }
    }

    @Test
    void check_reportsEverySubjectInOrder() {
        SetupReport report = Postroad.check(session());
        assertThat(report.findings().stream().map(SetupFinding::subject).distinct())
                .containsExactly(Subject.values());
    }

    @Test
    void check_findsNoProblemInASessionThatSends() throws Exception {
        send(message("a@v4.test", "b@v6.test"));
        SetupReport report = Postroad.check(session());
        assertThat(report.findings(Subject.TRANSPORT))
                .hasSize(4)
                .filteredOn(finding -> finding.text().contains("org.postroad.provider.MxTransport"))
                .hasSizeGreaterThanOrEqualTo(2);
        assertFinding(report, Subject.SETTINGS, Level.OK, "valid");
        assertFinding(report, Subject.OWN_NAME, Level.OK, "client.test");
        assertFinding(report, Subject.FAMILIES, Level.OK, "IPv4 and IPv6");
        assertFinding(report, Subject.PLUG_INS, Level.OK, "LoopbackConnector");
        assertFinding(report, Subject.DNSSEC, Level.OK, "validated by 127.0.0.1:");
        assertFinding(report, Subject.QUEUE, Level.NOT_CHECKED, "does not use the queue");
        assertThat(report.findings(Level.PROBLEM))
                .allMatch(finding -> finding.subject() == Subject.SOURCE_ADDRESS); // depends on the machine
    }

    @Test
    void check_withoutTheNetworkSendsNoQuery() {
        SetupReport report = Postroad.check(session());
        assertFinding(report, Subject.DNS, Level.NOT_CHECKED, "needs the network");
        assertThat(transcript.lines()).isEmpty();
    }

    @Test
    void check_withTheNetworkAsksForTheOwnName() {
        SetupReport report = Postroad.check(session(), true);
        assertFinding(report, Subject.DNS, Level.OK, "A of client.test");
        assertThat(transcript.lines()).anyMatch(line -> line.contains("A client.test"));
    }

    @Test
    void check_dnsThatDoesNotAnswerIsAProblem() throws Exception {
        dns.close();
        properties.setProperty("mail.mx.dns.timeout", "1s");
        assertFinding(Postroad.check(session(), true), Subject.DNS, Level.PROBLEM, "A of client.test");
    }

    @Test
    void check_anInterruptedThreadStaysInterrupted() {
        Thread.currentThread().interrupt();
        SetupReport report = Postroad.check(session(), true);
        assertThat(Thread.interrupted()).isTrue();
        assertFinding(report, Subject.DNS, Level.NOT_CHECKED, "interrupted");
        assertFinding(report, Subject.PLUG_INS, Level.OK);
    }

    /** Each framework uses one of the two. */
    @ParameterizedTest
    @CsvSource({
        "smtp, smtp, PROBLEM, PROBLEM",
        "smtp, mx, OK, WARNING",
        "mx, smtp, WARNING, OK",
        "mx, mx, OK, OK",
        "none, none, PROBLEM, PROBLEM"
    })
    void check_aProblemIsThatNeitherWayToATransportLeadsHere(
            String byDefault, String byAddress, Level ofAddress, Level ofDefault) {
        assumeThat(MAIL).as("Geronimo ignores the second property").doesNotStartWith("geronimo");
        properties.setProperty("mail.transport.protocol", byDefault);
        properties.setProperty("mail.transport.protocol.rfc822", byAddress);
        SetupReport report = Postroad.check(session());
        assertThat(transportFinding(report, "internet mail (Transport.send)").level())
                .isEqualTo(ofAddress);
        assertThat(transportFinding(report, "the default transport (Session.getTransport)")
                        .level())
                .isEqualTo(ofDefault);
        assertThat(report.findings(Subject.TRANSPORT))
                .filteredOn(finding -> finding.level() != Level.OK)
                .allMatch(finding -> finding.text().contains("set mail.transport.protocol and"));
    }

    private static SetupFinding transportFinding(SetupReport report, String start) {
        return report.findings(Subject.TRANSPORT).stream()
                .filter(finding -> finding.text().startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    /** Payara and GlassFish do so if the resource does not name our class. */
    @ParameterizedTest
    @CsvSource({"mx, org.postroad.provider.MxTransport", "mxqueue, org.postroad.provider.MxQueueTransport"})
    void check_aForeignClassUnderTheNameOfOursIsAProblem(String protocol, String ours) throws Exception {
        Session session = session();
        session.setProvider(
                new Provider(Provider.Type.TRANSPORT, protocol, ForeignTransport.class.getName(), "the server", "1"));
        assertThat(Postroad.check(session).findings(Level.PROBLEM))
                .extracting(SetupFinding::text)
                .anyMatch(text -> text.startsWith("the protocol " + protocol + " is not Postroad's")
                        && text.contains(ForeignTransport.class.getName())
                        && text.contains(ours));
    }

    @Test
    void check_aWrongPropertyIsAProblemAndTheRestIsNotChecked() {
        properties.setProperty("mail.mx.families", "ipv5");
        SetupReport report = Postroad.check(session());
        assertFinding(report, Subject.SETTINGS, Level.PROBLEM, "mail.mx.families", "ipv5");
        assertFinding(report, Subject.DNS, Level.NOT_CHECKED, "depends on something that has a problem");
        assertFinding(report, Subject.QUEUE, Level.NOT_CHECKED);
    }

    @Test
    void check_aWrongPropertyOfTheQueueIsAProblem() {
        useTheQueue();
        properties.setProperty("mail.mx.queue.lifetime", "long");
        assertFinding(Postroad.check(session()), Subject.SETTINGS, Level.PROBLEM, "mail.mx.queue.lifetime", "long");
    }

    @Test
    void check_aClassThatIsNoPlugInIsAProblem() {
        properties.put("mail.mx.listener", "no.such.Listener");
        SetupReport report = Postroad.check(session());
        assertFinding(report, Subject.PLUG_INS, Level.PROBLEM, "no.such.Listener");
        assertFinding(report, Subject.DNS, Level.NOT_CHECKED);
    }

    @Test
    void check_aHostWithoutAUsableNameIsAProblem() {
        properties.setProperty("mail.mx.localhost", "192.0.2.1");
        assertThat(Postroad.check(session()).hasProblem()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"ipv4, IPv6", "ipv6, IPv4"})
    void check_aFamilyWithoutAWayIsAWarning(String ours, String missing) {
        properties.setProperty("mail.mx.families", ours);
        assertFinding(Postroad.check(session()), Subject.FAMILIES, Level.WARNING, "only " + missing + " addresses");
        properties.setProperty("mail.mx.relay." + missing.toLowerCase(java.util.Locale.ROOT), "smtp://relay.test");
        assertFinding(Postroad.check(session()), Subject.FAMILIES, Level.OK);
    }

    @Test
    void check_aConfiguredSourceAddressIsShown() {
        properties.setProperty("mail.mx.localaddress.ipv4", "127.0.0.1");
        properties.setProperty("mail.mx.families", "ipv4");
        assertFinding(
                Postroad.check(session()), Subject.SOURCE_ADDRESS, Level.OK, "IPv4: 127.0.0.1", "mail.mx.localaddress");
    }

    /** As in an image made by jlink without jdk.crypto.ec. */
    @Test
    void check_aRuntimeWithoutEllipticCurvesIsAWarning() {
        assertFinding(Postroad.check(session()), Subject.TLS, Level.OK, "elliptic curves");
        java.security.Provider curves = Security.getProvider("SunEC");
        int position = Arrays.asList(Security.getProviders()).indexOf(curves) + 1;
        assumeThat(position).isPositive();
        Security.removeProvider(curves.getName());
        try {
            assertFinding(Postroad.check(session()), Subject.TLS, Level.WARNING, "jdk.crypto.ec", "plaintext");
        } finally {
            Security.insertProviderAt(curves, position);
        }
    }

    @Test
    void check_withoutAValidatorDaneIsNotUsed() {
        properties.remove("mail.mx.dns.trustad");
        assertFinding(Postroad.check(session()), Subject.DNSSEC, Level.WARNING, "DANE is not used");
        properties.setProperty("mail.mx.dns.validate", "true");
        assertFinding(Postroad.check(session()), Subject.DNSSEC, Level.OK, "validated here");
    }

    @Test
    void check_serversThatMustShowThatTheyValidateAreAWarning() {
        properties.remove("mail.mx.dns.trustad");
        properties.setProperty("mail.mx.dns.probe", "probe.client.test");
        assertFinding(Postroad.check(session()), Subject.DNSSEC, Level.WARNING, "mail.mx.dns.probe");
    }

    @Test
    void check_doesNotOpenTheQueue() {
        useTheQueue();
        SetupReport report = Postroad.check(session(), true);
        assertFinding(
                report,
                Subject.DATA_SOURCE,
                Level.OK,
                directory.resolve("queue.db").toString());
        assertFinding(report, Subject.QUEUE, Level.WARNING, "not open", "MailQueue.open");
        assertThat(directory.resolve("queue.db")).doesNotExist();
    }

    /** Some applications name the transport only when they send. */
    @Test
    void check_aSettingOfTheQueueMeansThatItIsUsed() {
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("queue.db"));
        assertFinding(Postroad.check(session()), Subject.QUEUE, Level.WARNING, "not open");
    }

    @Test
    void check_saysWhichApplicationOpenedTheQueue() throws Exception {
        useTheQueue();
        ClassLoader mine = Thread.currentThread().getContextClassLoader();
        try (MailQueue queue = MailQueue.open(session())) {
            assertFinding(Postroad.check(session()), Subject.QUEUE, Level.OK, "this application");
            Thread.currentThread().setContextClassLoader(new URLClassLoader("other", new URL[0], mine));
            assertFinding(Postroad.check(session()), Subject.QUEUE, Level.OK, "the application ", mine.toString());
            properties.setProperty("mail.mx.queue.lifetime", "1d");
            assertFinding(Postroad.check(session()), Subject.QUEUE, Level.PROBLEM, "mail.mx.queue.lifetime");
            assertThat(queue.size()).isZero();
        } finally {
            Thread.currentThread().setContextClassLoader(mine);
        }
    }

    private void use(DataSource dataSource) {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.put("mail.mx.queue.datasource", dataSource);
    }

    @Test
    void check_theDataSourceIsConnectedIfTheNetworkIsAllowed() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:check");
        use(database);
        assertFinding(
                Postroad.check(session()), Subject.DATA_SOURCE, Level.NOT_CHECKED, JdbcDataSource.class.getName());
        assertFinding(Postroad.check(session(), true), Subject.DATA_SOURCE, Level.OK, "H2", "auto-commit mode");
    }

    @Test
    void check_aDataSourceWithoutConnectionsIsAProblem() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:" + directory.resolve("missing") + ";IFEXISTS=TRUE");
        use(database);
        assertFinding(Postroad.check(session(), true), Subject.DATA_SOURCE, Level.PROBLEM, "missing");
    }

    @Test
    void check_aDataSourceThatIsNotFoundIsAProblem() {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.queue.datasource", "jdbc/missing");
        assertFinding(Postroad.check(session()), Subject.DATA_SOURCE, Level.PROBLEM, "jdbc/missing");
    }

    @Test
    void check_showsNoControlCharactersAndNoSecrets() {
        properties.setProperty("mail.mx.relay.ipv6", "smtps://user:secret@relay.test\r\nX: y");
        SetupReport report = Postroad.check(session());
        assertThat(report.hasProblem()).isTrue();
        assertThat(report.toString().lines()).hasSameSizeAs(report.findings());
        assertThat(report.toString()).doesNotContain("secret");
    }

    @Test
    void check_theReportHasALineForEachFinding() {
        SetupReport report = Postroad.check(session());
        assertThat(report.toString()).startsWith("ok: transport: the protocol mx is org.postroad.provider.MxTransport");
        assertThat(Arrays.asList(report.toString().split("\n"))).hasSameSizeAs(report.findings());
    }
}
