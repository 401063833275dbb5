// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Credentials;
import org.postroad.api.CredentialsSource;
import org.postroad.api.Deadline;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Outcome;
import org.postroad.api.Relay;
import org.postroad.api.Stage;
import org.postroad.provider.internal.smtp.DialogueLog;
import org.postroad.provider.internal.smtp.SmtpFailure;
import org.postroad.provider.internal.smtp.SmtpSession;

/** Authenticates to a relay with what the source of its credentials provides now (RELAY-09). */
final class RelayLogin {

    private final SmtpSession session;
    private final DialogueLog log;
    private final RecentCredentials recent;

    RelayLogin(SmtpSession session, DialogueLog log, RecentCredentials recent) {
        this.session = session;
        this.log = log;
        this.recent = recent;
    }

    /**
     * Asks for the credentials and performs AUTH. A source without credentials is a temporary failure of the relay.
     *
     * @param limit for the source
     * @param deadline for AUTH
     * @return the failure; empty after success, or if the relay has no credentials
     */
    Optional<SmtpFailure> authenticate(Relay relay, Deadline limit, Deadline deadline) {
        Optional<CredentialsSource> source = relay.credentialsSource();
        if (source.isEmpty()) {
            return Optional.empty();
        }
        // The contract forbids null, but a plug-in may return it.
        @Nullable Credentials credentials;
        try {
            credentials = source.get().credentials(new CredentialsSource.Request(relay.host(), relay.port(), limit));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return withoutCredentials("was interrupted");
        } catch (IOException | RuntimeException | LinkageError e) {
            System.getLogger(RelayLogin.class.getName())
                    .log(System.Logger.Level.WARNING, "The source of the credentials for " + relay + " failed", e);
            // The exception message may quote a secret.
            return withoutCredentials("failed (" + e.getClass().getSimpleName() + "), the log has the details");
        }
        if (credentials == null) {
            return withoutCredentials("returned null");
        }
        recent.add(relay, credentials);
        return session.authenticate(credentials, deadline);
    }

    private Optional<SmtpFailure> withoutCredentials(String why) {
        String detail = "no credentials: their source " + why;
        log.note(() -> detail);
        return Optional.of(new SmtpFailure(
                Stage.AUTH, new Outcome.HostUnsuitable(EnhancedStatus.CREDENTIALS_INVALID_4_7_8, detail)));
    }
}
