// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLSocket;
import org.postroad.api.Deadline;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Outcome;
import org.postroad.api.Printable;
import org.postroad.api.RemoteMta;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.api.TlsSummary.Level;
import org.postroad.provider.internal.deliver.Tools.StartTls;
import org.postroad.provider.internal.smtp.SecuredSocket;
import org.postroad.provider.internal.smtp.SmtpFailure;
import org.postroad.provider.internal.smtp.SmtpSession;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.smtp.Watchdog;
import org.postroad.provider.internal.tls.TlsUpgrade;

/** From a connection to a session that is ready for mail: TLS from the start or by STARTTLS, hello, AUTH. */
final class SessionOpener {

    private final Tools tools;
    private final Deadline deadline;

    SessionOpener(Tools tools, Deadline deadline) {
        this.tools = tools;
        this.deadline = deadline;
    }

    /** What came of it. */
    sealed interface Opened {

        default <R> R fold(Function<Ready, R> ifReady, Function<Failed, R> ifFailed) {
            return this instanceof Ready ready ? ifReady.apply(ready) : ifFailed.apply((Failed) this);
        }
    }

    /** The session is the caller's to close. */
    record Ready(SmtpSession session) implements Opened {}

    /** The connection is closed. */
    record Failed(TlsSummary tls, SmtpFailure failure) implements Opened {}

    Opened open(Socket connection, RemoteMta remote, Security security, SmtpSettings smtp) {
        SecuredSocket socket = SecuredSocket.plain(connection);
        if (security.implicit()) {
            try {
                socket = secure(connection, remote, Level.VERIFIED, deadline);
            } catch (IOException e) {
                return new Failed(TlsSummary.NONE, notSecured(String.valueOf(e.getMessage())));
            }
        }
        return SmtpSession.open(socket, smtp, tools.watchdog(), tools.log(), deadline)
                .fold(
                        opened -> prepare(opened.session(), remote, security),
                        notOpened -> new Failed(TlsSummary.NONE, notOpened.failure()));
    }

    private Opened prepare(SmtpSession session, RemoteMta remote, Security security) {
        Optional<SmtpFailure> failure = startTls(session, remote, security)
                .or(() -> security.credentials().flatMap(secret -> session.authenticate(secret, deadline)));
        if (failure.isEmpty()) {
            return new Ready(session);
        }
        session.close();
        return new Failed(session.tls(), failure.get());
    }

    private Optional<SmtpFailure> startTls(SmtpSession session, RemoteMta remote, Security security) {
        if (security.startTls() == StartTls.DISABLED || security.implicit()) {
            return Optional.empty();
        }
        boolean required = security.startTls() == StartTls.REQUIRED;
        if (!session.extensions().startTls()) {
            return required
                    ? Optional.of(new SmtpFailure(
                            Stage.STARTTLS,
                            new Outcome.Unfit(
                                    EnhancedStatus.SECURITY_FEATURE_4_7_4, "TLS is required and not offered")))
                    : Optional.empty();
        }
        Optional<SmtpFailure> failure =
                session.startTls((plain, until) -> secure(plain, remote, security.level(), until), deadline);
        // A server that only said no to STARTTLS goes on in plaintext, unless TLS is required.
        boolean goesOn = !required && session.isUsable();
        return goesOn ? Optional.empty() : failure;
    }

    private SecuredSocket secure(Socket plain, RemoteMta remote, Level level, Deadline until) throws IOException {
        SSLSocket secured = tools.tls().layer(plain, remote.host(), level);
        Deadline limit = until.orAfter(tools.smtp().replyTimeout());
        try {
            tools.watchdog().guard(plain, limit, "the server did not shake hands", secured::startHandshake);
        } catch (IOException e) {
            Watchdog.drop(plain);
            throw new IOException("TLS handshake failed: " + Printable.clean(String.valueOf(e.getMessage())), e);
        }
        return new SecuredSocket(plain, secured, TlsUpgrade.summary(secured, level));
    }

    private static SmtpFailure notSecured(String detail) {
        return new SmtpFailure(Stage.STARTTLS, new Outcome.Unfit(EnhancedStatus.CRYPTOGRAPHIC_FAILURE_4_7_5, detail));
    }
}
