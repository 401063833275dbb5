// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import org.postroad.provider.internal.smtp.ContentChoice;
import org.postroad.provider.internal.smtp.Envelope;

/** What is sent: an envelope and content (RFC 5321 §2.3.1). */
public record MailObject(Envelope envelope, ContentChoice content) {}
