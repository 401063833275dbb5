// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import org.postroad.api.EnhancedStatus;
import org.postroad.api.RemoteMta;

/**
 * Explains a status to a reader who is not a mail engineer.
 *
 * @param happened what happened, in one or two sentences
 * @param advice what the sender can do once the failure is final
 */
record Explanation(String happened, String advice) {

    private static final String LATER =
            "Send the message again later. If it is urgent, contact the person in another way.";
    private static final String ADDRESS =
            "Check the address for typing errors, correct it, and send the message again. If it is right, ask the person"
                    + " in another way which address to use.";
    private static final String ADMINISTRATOR =
            "Show this notice to your mail administrator. Sending again will not help until the problem is fixed.";
    private static final String SMALLER =
            "Make it smaller, for example by sharing a large file as a link, and send it again.";
    private static final String PLAIN_LETTERS =
            "Send it again with plain letters only in addresses, without accents or other scripts.";
    private static final String OTHER_WAY =
            "Contact the person in another way. The mail administrator there can find the reason with the technical"
                    + " details below.";

    /**
     * Returns the explanation of a recipient's status. The same code can mean one thing in a server's reply and another if this host
     * determined it.
     */
    static Explanation of(RecipientStatus recipient) {
        String domain = recipient.address().current().domain().toString();
        return recipient.reply().isPresent()
                ? fromReply(recipient.status(), domain, server(recipient, domain))
                : fromOwnStatus(recipient.status(), domain);
    }

    /**
     * Explains RFC 3463 §3 codes as servers use them. Network codes (x.4.y) say nothing in a server's reply, because the server was
     * reached. Some servers refuse unknown addresses with 5.4.1.
     */
    private static Explanation fromReply(EnhancedStatus status, String domain, String server) {
        String later = status.isTransient() ? " for now" : "";
        return switch (status.subject() + "." + status.detail()) {
            case "1.1" -> noMailbox(domain);
            case "1.6" -> new Explanation("The person has moved away from this address.", ADDRESS);
            case "1.10" -> noMail(domain);
            case "2.1" -> new Explanation("The mailbox is closed" + later + ".", OTHER_WAY);
            case "2.2" -> new Explanation("The mailbox is full.", LATER);
            case "2.3", "3.4" -> tooLarge(domain);
            case "6.7" -> characters(domain);
            default ->
                switch (status.subject()) {
                    case 1 -> new Explanation(server + " does not accept this address" + later + ".", ADDRESS);
                    case 2 -> new Explanation("The mailbox cannot take the message" + later + ".", OTHER_WAY);
                    case 7 ->
                        new Explanation(
                                server + " does not accept the message under its rules" + later + ".", OTHER_WAY);
                    default ->
                        new Explanation(
                                server + " did not take the message" + later + ".",
                                status.isTransient() ? LATER : OTHER_WAY);
                };
        };
    }

    private static Explanation noMailbox(String domain) {
        return new Explanation("There is no such mailbox at " + domain + ".", ADDRESS);
    }

    /** Explains the codes that package {@code route} and the queue determine. */
    private static Explanation fromOwnStatus(EnhancedStatus status, String domain) {
        return switch (status.subject() + "." + status.detail()) {
            case "1.1" -> noMailbox(domain);
            case "1.2" ->
                new Explanation("There is nothing in the Internet named " + domain + " that receives mail.", ADDRESS);
            case "1.3" -> new Explanation("This is not a valid address.", ADDRESS);
            case "1.7" ->
                new Explanation(
                        "The sender's address is not valid.",
                        "Correct the sender's address and send the message again.");
            case "1.10" -> noMail(domain);
            case "3.4" -> tooLarge(domain);
            case "3.5" ->
                new Explanation(
                        "Our own mail system is not set up in a way that lets it reach " + domain + ".", ADMINISTRATOR);
            case "4.1" -> new Explanation("No mail server of " + domain + " answered.", LATER);
            case "4.2" ->
                new Explanation(
                        "The connection to the mail server of " + domain
                                + " broke while the message was being handed over.",
                        "It is possible that the message arrived all the same. Ask the person before you send it again.");
            // 5.4.3 is END-05, 4.4.3 is END-03.
            case "4.3" ->
                status.isPermanent()
                        ? new Explanation(
                                "The mail servers that are named for " + domain + " have no usable address.", OTHER_WAY)
                        : new Explanation(
                                "We could not find out which server receives mail for " + domain + ".", LATER);
            case "4.4" ->
                new Explanation(
                        "The mail servers of " + domain + " cannot be reached from our network.", ADMINISTRATOR);
            case "4.6" ->
                new Explanation(
                        "Mail for " + domain + " would come back to ourselves, again and again.", ADMINISTRATOR);
            case "4.7" -> new Explanation("The message could not be handed over to " + domain + " in time.", LATER);
            case "6.3", "6.7" -> characters(domain);
            case "7.4", "7.5", "7.30" ->
                new Explanation("No sufficiently secure connection to " + domain + " could be made.", ADMINISTRATOR);
            case "7.8" -> new Explanation("The server that passes on our mail did not let us in.", ADMINISTRATOR);
            default ->
                new Explanation(
                        "The message could not be handed over to " + domain + ".",
                        status.isTransient() ? LATER : OTHER_WAY);
        };
    }

    private static Explanation noMail(String domain) {
        return new Explanation("The owners of " + domain + " have declared that it receives no mail.", ADDRESS);
    }

    private static Explanation tooLarge(String domain) {
        return new Explanation("The message is larger than " + domain + " takes.", SMALLER);
    }

    private static Explanation characters(String domain) {
        return new Explanation(
                "The message, or an address in it, has characters that the mail server of " + domain
                        + " cannot handle.",
                PLAIN_LETTERS);
    }

    private static String server(RecipientStatus recipient, String domain) {
        return recipient
                .remote()
                .filter(remote -> remote.role() == RemoteMta.Role.RELAY)
                .map(relay -> "The server that passes on our mail")
                .orElse("The mail server of " + domain);
    }
}
