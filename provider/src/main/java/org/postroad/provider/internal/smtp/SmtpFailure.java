// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import org.postroad.api.Outcome;
import org.postroad.api.Stage;

/** Why a session did not get to its next step; it holds for every recipient that is still open. */
public record SmtpFailure(Stage stage, Outcome outcome) {}
