// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.DeliveryReport;
import org.postroad.api.InvalidRecipient;
import org.postroad.api.MessageWarning;
import org.postroad.api.Printable;
import org.postroad.api.QueueOptions;
import org.postroad.api.RecipientReport;
import org.postroad.api.RoutePlan;
import org.postroad.api.Verdict;
import org.postroad.provider.MailQueue;
import org.postroad.provider.MxSendFailedException;
import org.postroad.provider.Postroad;
import org.postroad.provider.SendResult;
import org.postroad.samples.cli.TextOutput.Look;
import org.postroad.spi.DeliveryListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends a message, or puts it into a queue. */
@Command(
        name = "send",
        header = "Sends a message from a file, and says for each recipient what happened.",
        description = {
            "%nThe message is sent directly, once: what is deferred is not tried again. With @|bold --queued|@ it is put into a"
                    + " queue in place of that. Its octets are not changed, except that Bcc fields are left out and missing Date"
                    + " and Message-ID fields are added.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad send message.eml --to someone@example.org",
            "  postroad send - -t < message.eml                     to those in To, Cc and Bcc",
            "  postroad send message.eml -t --dry-run               where it would go",
            "  postroad send message.eml -t -v -f me@example.net    with every question, contact and reply",
            "  postroad send message.eml -t --queue queue.db        into a queue, whose owner delivers it",
            "",
            "The exit code is that of the worst recipient: 0 delivered or queued, 1 deferred or in doubt, 2 failed. A queue in"
                    + " a file can be written only while no other process has it open; while it is open here, messages in it"
                    + " may be delivered."
        })
final class SendCommand implements Callable<Integer> {

    private static final String FROM = "mail.mx.from";
    private static final String LISTENER = "mail.mx.listener";

    private final InputStream standardInput;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private QueueChoice choice = new QueueChoice();

    @Parameters(
            arity = "1",
            paramLabel = "FILE",
            description = "A file with one message (RFC 5322), or - for the standard input. At most 100 MiB.")
    private String file = "";

    @Option(
            names = "--to",
            paramLabel = "ADDRESS",
            description = "A recipient. Can be repeated. The fields of the message are not used.")
    private List<String> to = new ArrayList<>();

    @Option(
            names = {"-t", "--to-header"},
            description = "The recipients are those in the To, Cc and Bcc fields.")
    private boolean toHeader;

    @Option(
            names = {"-f", "--from"},
            paramLabel = "ADDRESS",
            description =
                    "The envelope sender, to which failures are reported; <> for none. Default: mail.mx.from, else the"
                            + " From field.")
    private @Nullable String from;

    @Option(
            names = {"-q", "--queued"},
            description = "Put the message into the queue of the settings. --queue does so as well.")
    private boolean queued;

    @Option(
            names = "--dry-run",
            description = "Show where the message would go, as postroad route does. Nothing is sent.")
    private boolean dryRun;

    @Option(
            names = {"-v", "--verbose"},
            description = "Print every DNS question, contact and reply, and what to do.")
    private boolean verbose;

    /** @param standardInput where the message {@code -} is */
    SendCommand(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    @Override
    public Integer call() {
        if (to.isEmpty() == !toHeader) {
            throw new ParameterException(
                    spec.commandLine(),
                    to.isEmpty()
                            ? "Nobody would receive it: give --to ADDRESS, or -t for those in To, Cc and Bcc"
                            : "--to and -t exclude each other");
        }
        Progress progress = Progress.on(spec.commandLine().getErr());
        Session session = session(progress);
        MimeMessage message = MessageFile.read(file, standardInput, session);
        Address[] recipients = toHeader ? inHeader(message) : addresses(to);
        if (dryRun) {
            return showRoute(session, recipients);
        }
        SendResult result;
        try {
            result = send(session, message, recipients);
        } finally {
            progress.end();
        }
        print(result);
        return exitCode(result.report());
    }

    private boolean isForQueue() {
        return queued || choice.isGiven();
    }

    private Session session(Progress progress) {
        Properties properties = isForQueue() ? choice.properties(options) : options.properties();
        if (from != null) {
            properties.setProperty(FROM, from);
        }
        properties.computeIfAbsent(
                LISTENER, name -> (DeliveryListener) event -> progress.show(event.domain() + ": " + step(event)));
        return options.session(properties);
    }

    /** @throws CliException if a field is malformed, or there is no recipient */
    private static Address[] inHeader(MimeMessage message) {
        try {
            List<Address> found = new ArrayList<>();
            for (Message.RecipientType field :
                    List.of(Message.RecipientType.TO, Message.RecipientType.CC, Message.RecipientType.BCC)) {
                Optional.ofNullable(message.getRecipients(field)).map(List::of).ifPresent(found::addAll);
            }
            if (found.isEmpty()) {
                throw new CliException(ExitCode.PERMANENT, "The message has no address in To, Cc or Bcc");
            }
            return found.toArray(Address[]::new);
        } catch (MessagingException e) {
            throw new CliException(
                    ExitCode.PERMANENT, "A To, Cc or Bcc field is malformed: " + Printable.describe(e), e);
        }
    }

    private static Address[] addresses(List<String> texts) {
        return texts.stream()
                .map(text -> {
                    InternetAddress address = new InternetAddress();
                    address.setAddress(text); // Postroad says what is wrong with a malformed one
                    return address;
                })
                .toArray(Address[]::new);
    }

    private int showRoute(Session session, Address... recipients) {
        try {
            RoutePlan plan = Postroad.route(session, recipients);
            if (options.json()) {
                spec.commandLine().getOut().println(plan.toJson());
            } else {
                RouteOutput.print(plan, options.text(spec.commandLine()));
            }
            return RouteOutput.exitCode(plan);
        } catch (MessagingException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private SendResult send(Session session, MimeMessage message, Address... recipients) {
        try {
            if (!isForQueue()) {
                return Postroad.send(message, recipients);
            }
            try (MailQueue queue = MailQueue.open(session)) {
                return queue.send(message, recipients, QueueOptions.NONE);
            }
        } catch (MxSendFailedException e) {
            SendResult result = new SendResult(e.report());
            return e.queueId().map(result::withQueueId).orElse(result);
        } catch (MessagingException e) {
            throw QueueErrors.of(e);
        }
    }

    private void print(SendResult result) {
        DeliveryReport report = result.report();
        TextOutput out = options.text(spec.commandLine());
        if (options.json()) {
            String id = result.queueId()
                    .map(each -> new JsonLine().with("queueId", each).toString().replace("}", ","))
                    .orElse("{");
            spec.commandLine().getOut().println(id + report.toJson().substring(1));
        } else if (verbose) {
            report.explain().lines().forEach(line -> out.line(line, Look.PLAIN));
        } else {
            for (RecipientReport recipient : report.recipients()) {
                out.line(recipient.toString(), look(recipient.verdict()));
            }
            for (InvalidRecipient invalid : report.invalidRecipients()) {
                out.line(invalid.toString(), Look.PERMANENT);
            }
            for (MessageWarning warning : report.warnings()) {
                out.line("warning: " + warning.about() + ": " + warning.text(), Look.MINOR);
            }
        }
    }

    private static Look look(Verdict verdict) {
        return switch (exitCode(verdict)) {
            case ExitCode.OK -> Look.GOOD;
            case ExitCode.TEMPORARY -> Look.TEMPORARY;
            default -> Look.PERMANENT;
        };
    }

    private static int exitCode(DeliveryReport report) {
        int worst = report.invalidRecipients().isEmpty() ? ExitCode.OK : ExitCode.PERMANENT;
        for (RecipientReport recipient : report.recipients()) {
            worst = Math.max(worst, exitCode(recipient.verdict()));
        }
        return worst;
    }

    private static int exitCode(Verdict verdict) {
        return switch (verdict) {
            case DELIVERED, QUEUED -> ExitCode.OK;
            case DEFERRED, IN_DOUBT -> ExitCode.TEMPORARY;
            default -> ExitCode.PERMANENT;
        };
    }

    private static String step(DeliveryEvent event) {
        if (event instanceof DeliveryEvent.LookedUp lookup) {
            return "asking DNS for " + lookup.lookup().name();
        } else if (event instanceof DeliveryEvent.Connecting connecting) {
            return "contacting " + connecting.remote();
        } else if (event instanceof DeliveryEvent.Attempted attempted) {
            return attempted.attempt().remote() + " has answered";
        }
        return "done";
    }
}
