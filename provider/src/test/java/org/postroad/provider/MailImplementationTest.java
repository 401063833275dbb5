// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Checks that this run uses the intended Jakarta Mail implementation, and that it determines the chained exceptions. The build runs this
 * and other tests with several implementations; see the executions in the POM.
 */
class MailImplementationTest extends TransportTesting {

    private static final String ANGUS = "org/eclipse/angus/mail/smtp/SMTPMessage.class";

    private static final String JSON = "jakarta/json/spi/JsonProvider.class";

    @Test
    void theMailImplementationIsTheExpectedOne() {
        assertThat(jarOf(Session.class)).contains(MAIL.equals("angus-mail") ? "jakarta.mail-api" : MAIL);
        assertThat(jarOf(MimeMessage.class)).isEqualTo(jarOf(Session.class));
        assertThat(isVisible(ANGUS)).isEqualTo(MAIL.equals("angus-mail"));
    }

    @Test
    void theOldestImplementationRunsWithoutOptionalLibraries() {
        assertThat(List.of(
                        isVisible("jakarta/enterprise/inject/spi/CDI.class"),
                        isVisible("jakarta/annotation/Priority.class"),
                        isVisible("com/ibm/icu/text/IDNA.class"),
                        isVisible(JSON)))
                .containsOnly(!MAIL.equals("jakarta.mail-2.0.1"));
    }

    @Test
    void chain_aFailedAddressHasAnExceptionWithOrWithoutAngus() throws Exception {
        mx4.onCommand("RCPT TO:<bad@", "550 5.1.1 no such user");
        MxSendFailedException thrown =
                catchThrowableOfType(MxSendFailedException.class, () -> send(message("bad@v4.test", "good@v4.test")));
        Exception next = thrown.getNextException();
        assertThat(next).isInstanceOf(SendFailedException.class).hasMessageContaining("5.1.1");
        assertThat(next.getClass().getSuperclass().getName().contains(".angus."))
                .isEqualTo(isVisible(ANGUS));
        if (!isVisible(ANGUS)) {
            assertThat(((SendFailedException) next).getInvalidAddresses()).isEqualTo(thrown.getInvalidAddresses());
        }
    }

    /** Those of Jakarta Mail print the rest of the chain each time, both as text and as causes. */
    @Test
    void chain_eachExceptionPrintsItsOwnAddressOnly() throws Exception {
        mx4.onCommand("RCPT TO:<bad", "550 5.1.1 no such user");
        properties.setProperty("mail.mx.reportsuccess", "true");
        MxSendFailedException thrown = catchThrowableOfType(
                MxSendFailedException.class,
                () -> send(message("bad1@v4.test", "good@v4.test", "bad2@v4.test", "bad3@v4.test")));
        int chained = 0;
        for (Exception next = thrown.getNextException(); next instanceof MessagingException each; chained++) {
            StringWriter printed = new StringWriter();
            each.printStackTrace(new PrintWriter(printed, true));
            assertThat(printed.toString())
                    .startsWith(next.toString())
                    .containsOnlyOnce("@v4.test>")
                    .doesNotContain("Caused by");
            String type = isVisible(ANGUS)
                    ? "org.eclipse.angus.mail.smtp.SMTPAddress" + (chained == 1 ? "Succeeded" : "Failed") + "Exception"
                    : SendFailedException.class.getName();
            assertThat(next).hasToString(type + ": " + each.getMessage());
            next = each.getNextException();
        }
        assertThat(chained).isEqualTo(4);
    }

    /** A missing library is named when it is needed, and the message is complete with every implementation. */
    @Test
    void tlsrpt_aReportIsMailedOrTheMissingLibraryIsNamed() throws Exception {
        properties.setProperty("mail.mx.tlsrpt.contact", "tls@client.test");
        dns.zone("""
                v4.test.            MX 10 mx4.v4.test.
                mx4.v4.test.        A 192.0.2.4
                _smtp._tls.v4.test. TXT "v=TLSRPTv1; rua=mailto:reports@v4.test"
                """);
        if (!isVisible(JSON)) {
            assertThatThrownBy(() -> send(message("a@v4.test")))
                    .hasMessageContaining("mail.mx.tlsrpt.contact")
                    .hasMessageContaining("org.eclipse.parsson:parsson");
            return;
        }
        send(message("a@v4.test"));
        TlsReports reports = Postroad.tlsReports(Session.getInstance(properties));
        assertThat(reports.send(reports.of(LocalDate.now(ZoneOffset.UTC)).get(0))
                        .problems())
                .isEmpty();
        assertThat(mx4.received().get(1).text()).contains("report-type=tlsrpt", "application/tlsrpt+gzip");
    }

    private static String jarOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }

    private static boolean isVisible(String resource) {
        return MailImplementationTest.class.getClassLoader().getResource(resource) != null;
    }
}
