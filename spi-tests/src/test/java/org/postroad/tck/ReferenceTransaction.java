// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.postroad.tck.ReferenceConnection.ClosingException;
import org.postroad.tck.ReferenceOutcome.Kind;

/**
 * The reference transport's transactions, each with one server: TRY-01, 02, 05, 08; MAIL-32, 33. Only RCPT commands are
 * pipelined.
 */
abstract class ReferenceTransaction extends Transport {

    private static final int TOO_MANY = 452;
    private static final int TOO_MANY_OF_OLD = 552;
    private static final int FIRST_ABOUT_THE_COMMAND = 500;
    private static final int LAST_ABOUT_THE_COMMAND = 504;
    private static final int PARAMETERS_REFUSED = 555;

    ReferenceTransaction(Session session) {
        super(session, null);
    }

    /**
     * The mail to send.
     *
     * @param sender empty for the null sender
     * @param content lines that end with CRLF
     */
    record Mail(String sender, byte[] content) {}

    /** Returns the property {@code mail.mx.<name>}. */
    protected String setting(String name, String absent) {
        return session.getProperties().getProperty("mail.mx." + name, absent);
    }

    /** Runs one transaction. Returns the recipients for the next one (TRY-08). */
    protected final List<String> transaction(
            ReferenceConnection connection, Mail mail, List<String> offered, Map<String, ReferenceOutcome> outcomes)
            throws IOException {
        List<String> recipients = new ArrayList<>();
        for (String recipient : offered) {
            unfit(connection, mail, recipient)
                    .ifPresentOrElse(outcome -> outcomes.put(recipient, outcome), () -> recipients.add(recipient));
        }
        if (recipients.isEmpty()) {
            return List.of();
        }
        connection.beginTransaction();
        ReferenceReply sender = withOrWithoutDsnParameter(
                connection,
                "MAIL FROM:<" + mail.sender() + ">" + parameters(connection, mail, recipients),
                dsnParameter(connection, "RET", "dsn.ret"));
        if (!sender.isPositive()) {
            return refused(connection, sender, recipients, List.of(), outcomes);
        }
        List<String> accepted = new ArrayList<>();
        List<String> later = new ArrayList<>();
        List<ReferenceReply> replies = offer(connection, recipients);
        for (int i = 0; i < replies.size(); i++) {
            if (isSuccess(replies.get(i))) {
                accepted.add(recipients.get(i));
            } else if (isTooMany(replies.get(i)) && !accepted.isEmpty()) {
                later.add(recipients.get(i));
            } else {
                outcomes.put(recipients.get(i), whenRecipientIsRefused(replies.get(i)));
            }
        }
        if (accepted.isEmpty()) {
            connection.command("RSET");
            return later;
        }
        ReferenceReply data = connection.command("DATA");
        if (data.code() != 354) {
            return refused(connection, data, accepted, later, outcomes);
        }
        connection.write(stuffed(mail.content()));
        ReferenceOutcome outcome = endOfData(connection);
        accepted.forEach(recipient -> outcomes.put(recipient, outcome));
        if (outcome.kind() == Kind.IN_DOUBT) {
            throw new IOException(outcome.text());
        }
        return later;
    }

    /** Returns the replies to RCPT. The commands are pipelined if the server offers that (RFC 2920). */
    private List<ReferenceReply> offer(ReferenceConnection connection, List<String> recipients) throws IOException {
        List<String> commands = recipients.stream()
                .map(recipient -> "RCPT TO:<" + recipient + ">")
                .toList();
        String parameter = dsnParameter(connection, "NOTIFY", "dsn.notify");
        if (!connection.offers("PIPELINING")) {
            List<ReferenceReply> replies = new ArrayList<>();
            for (String command : commands) {
                replies.add(withOrWithoutDsnParameter(connection, command, parameter));
            }
            return replies;
        }
        connection.write(String.join(parameter + "\r\n", commands)
                .concat(parameter + "\r\n")
                .getBytes(StandardCharsets.UTF_8));
        List<ReferenceReply> together = new ArrayList<>();
        for (int i = 0; i < commands.size(); i++) {
            together.add(connection.reply());
        }
        List<ReferenceReply> replies = new ArrayList<>(together);
        for (int i = 0; i < commands.size(); i++) {
            if (isRepeated(together, i)) {
                replies.set(i, withOrWithoutDsnParameter(connection, commands.get(i), parameter));
            } else if (!parameter.isEmpty() && leavesOut(commands.get(i), together.get(i))) {
                replies.set(i, connection.command(commands.get(i)));
            }
        }
        return replies;
    }

    /** MAIL-33. */
    private ReferenceReply withOrWithoutDsnParameter(ReferenceConnection connection, String command, String parameter)
            throws IOException {
        ReferenceReply reply = connection.command(command + parameter);
        return !parameter.isEmpty() && leavesOut(command, reply) ? connection.command(command) : reply;
    }

    /** MAIL-33. */
    protected boolean leavesOut(String command, ReferenceReply refusal) {
        return isRefusalOfParameters(refusal);
    }

    /** RFC 3461: returns the parameter if it is set and the server supports it. */
    private String dsnParameter(ReferenceConnection connection, String parameter, String name) {
        String value = setting(name, "");
        return value.isEmpty() || !connection.offers("DSN") ? "" : " " + parameter + "=" + value;
    }

    /** MAIL-33: RFC 5321 §4.1.1.11, RFC 3463 §3.6. */
    protected boolean isRefusalOfParameters(ReferenceReply reply) {
        return reply.code() == PARAMETERS_REFUSED || reply.status().equals("5.5.4");
    }

    /**
     * MAIL-32: returns whether this recipient is offered again, on its own.
     *
     * @param replies the replies to pipelined commands
     * @param number the index of this recipient's reply
     */
    protected boolean isRepeated(List<ReferenceReply> replies, int number) {
        return isAboutTheCommand(replies.get(number));
    }

    /** RFC 5321 §4.2.2. */
    protected static boolean isAboutTheCommand(ReferenceReply reply) {
        return reply.code() >= FIRST_ABOUT_THE_COMMAND && reply.code() <= LAST_ABOUT_THE_COMMAND;
    }

    /** Handles a refusal of MAIL or DATA. Returns the recipients for the next transaction on this connection. */
    private List<String> refused(
            ReferenceConnection connection,
            ReferenceReply refusal,
            List<String> recipients,
            List<String> later,
            Map<String, ReferenceOutcome> outcomes) {
        if (isRefusalOfTheSession(connection)) {
            connection.refuseSession();
            return List.of();
        }
        recipients.forEach(recipient -> outcomes.put(recipient, whenMessageIsRefused(refusal)));
        return later;
    }

    /** Returns the result if this server lacks something that the message to this recipient needs; otherwise empty. */
    protected Optional<ReferenceOutcome> unfit(ReferenceConnection connection, Mail mail, String recipient) {
        if (connection.limit().filter(limit -> mail.content().length > limit).isPresent()) {
            return Optional.of(ReferenceOutcome.hostLacks("5.3.4", "the message is too big for the server"));
        } else if (needsUtf8(mail, List.of(recipient)) && !connection.offers("SMTPUTF8")) {
            return Optional.of(ReferenceOutcome.hostLacks("5.6.7", "the server lacks SMTPUTF8"));
        } else if (isEightBit(mail) && !connection.offers("8BITMIME")) {
            return Optional.of(ReferenceOutcome.hostLacks("5.6.3", "the server lacks 8BITMIME"));
        }
        return Optional.empty();
    }

    /** Returns the parameters of MAIL that the server supports. */
    protected String parameters(ReferenceConnection connection, Mail mail, List<String> recipients) {
        return (connection.offers("SIZE") ? " SIZE=" + mail.content().length : "")
                + (isEightBit(mail) ? " BODY=8BITMIME" : "")
                + (needsUtf8(mail, recipients) ? " SMTPUTF8" : "");
    }

    protected boolean needsUtf8(Mail mail, List<String> recipients) {
        return hasUtf8Header(mail)
                || Stream.concat(Stream.of(mail.sender()), recipients.stream()).anyMatch(text -> !isAscii(text));
    }

    protected boolean hasUtf8Header(Mail mail) {
        String text = new String(mail.content(), StandardCharsets.ISO_8859_1);
        return !isAscii(text.substring(0, Math.max(0, text.indexOf("\r\n\r\n"))));
    }

    protected boolean isEightBit(Mail mail) {
        return !isAscii(new String(mail.content(), StandardCharsets.ISO_8859_1));
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(character -> character < 0x80);
    }

    /** TRY-08. */
    protected boolean isTooMany(ReferenceReply reply) {
        return reply.code() == TOO_MANY || reply.code() == TOO_MANY_OF_OLD;
    }

    /** TRY-01: for RCPT and the end of data. */
    protected boolean isSuccess(ReferenceReply reply) {
        return reply.isPositive();
    }

    /** TRY-02, TRY-03: for MAIL, DATA and the end of data. */
    protected ReferenceOutcome whenMessageIsRefused(ReferenceReply reply) {
        return reply.as(Kind.REJECTED, false);
    }

    /** TRY-02, TRY-03. */
    protected ReferenceOutcome whenRecipientIsRefused(ReferenceReply reply) {
        return reply.as(Kind.REJECTED, reply.code() != TOO_MANY_OF_OLD && !isRefusalOfParameters(reply));
    }

    private ReferenceOutcome endOfData(ReferenceConnection connection) throws IOException {
        try {
            connection.write(".\r\n".getBytes(StandardCharsets.US_ASCII));
            ReferenceReply reply = connection.reply();
            return isSuccess(reply)
                    ? new ReferenceOutcome(Kind.ACCEPTED, reply.code(), reply.status(), reply.text(), false)
                    : whenMessageIsRefused(reply);
        } catch (ClosingException e) {
            throw e;
        } catch (IOException e) {
            return whenTheLastReplyIsLost(e);
        }
    }

    /** TRY-05. */
    protected ReferenceOutcome whenTheLastReplyIsLost(IOException failure) {
        return new ReferenceOutcome(Kind.IN_DOUBT, 451, "4.4.2", "in doubt: " + failure.getMessage(), false);
    }

    /** RFC 5321 §4.5.2. */
    protected byte[] stuffed(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        return text.replaceAll("(?md)^\\.", "..").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** TRY-09: returns whether this refusal of MAIL or DATA concerns the session. */
    protected boolean isRefusalOfTheSession(ReferenceConnection connection) {
        return connection.transactions() > 1;
    }
}
