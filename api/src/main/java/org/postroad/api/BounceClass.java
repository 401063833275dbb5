// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Locale;

/**
 * Why mail was not delivered, in the few categories that decide what a person does about it: a summary of the stage, the reply code, the
 * enhanced status code and, where these say too little, the text of a server's reply.
 *
 * <p>{@link Outcome#bounceClass} applies these rules; the first one that gives a class decides:
 *
 * <ol>
 *   <li>Without a reply of a server, the kind of the outcome and our own status decide.
 *   <li>A reply that fits no command is {@link #PROTOCOL}. A temporary failure with "greylist" in its text is {@link #GREYLISTING}.
 *   <li>A refusal of STARTTLS is {@link #TLS}, and one of AUTH is {@link #CREDENTIALS}.
 *   <li>The enhanced status code, if servers agree on its meaning, such as 5.2.2, {@link #MAILBOX_FULL}.
 *   <li>The text, if the enhanced status code is absent or means different things to different servers, such as 5.7.1.
 *   <li>The usual meaning of the enhanced status code, then that of the reply code at this stage, such as 550 to RCPT,
 *       {@link #BAD_MAILBOX}.
 * </ol>
 *
 * <p>The first 1024 characters of a text are read. Servers write it, and it can be misleading, so use a class for display and for statistics.
 * Delivery does not depend on it, except that the words of greylisting are recognised here.
 */
public enum BounceClass {
    BAD_MAILBOX(
            "The mailbox does not exist, or its address is malformed.", "Correct the address, or stop writing to it."),
    INACTIVE_MAILBOX(
            "The mailbox is disabled, closed or moved.",
            "Stop writing to this address; ask the recipient in another way for a new one."),
    MAILBOX_FULL("The mailbox is full.", "Send the message again in a few days."),
    BAD_DOMAIN(
            "The domain does not exist, or accepts no mail.",
            "Correct the domain of the address, or stop writing to it."),
    BAD_SENDER(
            "The sender's address is not accepted: it is malformed, or its domain does not exist or receives no mail.",
            "Use an envelope sender whose domain has MX or address records and accepts notices."),
    TOO_LARGE("The message is larger than the server or the mailbox accepts.", "Send a smaller message, or a link."),
    CONTENT(
            "The server cannot take the message in this form: its characters, header fields, lines or attachments.",
            "Correct the message. The reply or the explanation names the part that is not accepted."),
    SPAM(
            "The server considers the message to be spam, phishing or malware.",
            "Check content, links and attachments, and whether the recipients asked for the mail."),
    AUTHENTICATION(
            "The server could not verify the sender: SPF, DKIM, DMARC or reverse DNS.",
            "Correct the DNS records of the sender's domain, the signature, or the reverse DNS of the sending address."),
    REPUTATION(
            "The server rejects the sending address or domain because of its reputation or a block list.",
            "Find out why it is listed and stop the cause; then ask the list or the postmaster to remove it."),
    POLICY(
            "A rule of the receiving site forbids the message, and the reply gives no clearer reason.",
            "Read the reply, and ask the recipient's postmaster."),
    RATE(
            "There were too many messages, connections or recipients in a short time.",
            "Send more slowly, on fewer connections."),
    GREYLISTING(
            "The server defers mail from senders that it does not know yet.",
            "Send the message again from the same address after some minutes; the queue does so."),
    TLS(
            "TLS is missing or failed, and the destination, the message or a setting demands it.",
            "Compare the certificate and the published policy of the destination, and tell its postmaster."),
    CREDENTIALS(
            "The server demands a login, or rejected ours.",
            "Check user and password of the relay. A mail exchanger that demands a login is not meant for mail from outside."),
    ROUTING(
            "There is no usable way to the domain: no usable address, a loop, or a server that does not serve the domain.",
            "Check routes and relays here, and the MX records of the domain."),
    DNS("A DNS lookup failed temporarily.", "Check the resolver; if other domains work, tell the domain's postmaster."),
    NETWORK(
            "No server answered, or a connection was lost.",
            "Send the message again. If this happens with every domain, outgoing port 25 is probably closed."),
    SYSTEM("The receiving system is overloaded or has a fault.", "Send the message again later."),
    PROTOCOL(
            "Client and server did not understand each other: a command was not recognised, or a reply was not valid.",
            "Look at the SMTP dialogue with mail.debug=true, and report it to the postmaster or to us."),
    EXPIRED("The time for the delivery ran out.", "Send the message again, or allow more time."),
    LOCAL(
            "This host could not do its part: it is configured wrongly, has a fault, or was closing.",
            "Correct what the explanation names, and send the message again."),
    CANCELLED(
            "The message was held back or removed here, as configured or by an operator.",
            "Send it again if it is still wanted."),
    /** The last resort. */
    UNDETERMINED("The reply does not tell the reason.", "Read the reply, and ask the recipient's postmaster.");

    private final String meaning;
    private final String remedy;

    BounceClass(String meaning, String remedy) {
        this.meaning = meaning;
        this.remedy = remedy;
    }

    /** {@return what happened, in one human-readable sentence} */
    public String meaning() {
        return meaning;
    }

    /** {@return what to do, in one or two human-readable sentences} */
    public String remedy() {
        return remedy;
    }

    /** {@return the name in lower case, with a space between words} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
