// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import org.postroad.api.Outcome;
import org.postroad.api.Stage;

/** Why a session could not proceed. Applies to every recipient that is still pending. */
public record SmtpFailure(Stage stage, Outcome outcome) {}
