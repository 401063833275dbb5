// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import static org.postroad.api.BounceClass.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The table of bounce classes, in the order in which {@link BounceClass} documents the rules.
 *
 * <p>Texts are searched in lower case, in one line, without mail addresses, because the local part of an address can contain any word.
 * At most {@link #MAX_TEXT} characters are searched. A pattern has no unbounded repetition, so that the time to search is proportional to
 * the length.
 */
final class BounceRules {

    /** Maximum number of characters of a reply that are searched for a reason. The words of greylisting are searched in all of it. */
    static final int MAX_TEXT = 1024;

    /** What our own status codes mean, if the same code in a reply of a server means something else. */
    private static final Map<String, BounceClass> OWN = new StatusTable()
            .row(CANCELLED, "0.0")
            .row(LOCAL, "3.0", "3.5")
            .row(ROUTING, "5.4.3") // END-05; 4.4.3 is END-03
            .map();

    /** Codes that servers use alike. */
    private static final Map<String, BounceClass> CLEAR = new StatusTable()
            .row(BAD_MAILBOX, "1.3", "1.4")
            .row(BAD_DOMAIN, "1.2")
            .row(INACTIVE_MAILBOX, "1.6", "7.17", "7.18") // RFC 3463, RFC 7293
            .row(BAD_SENDER, "1.7", "1.8")
            .row(MAILBOX_FULL, "2.2")
            .row(TOO_LARGE, "2.3", "3.4", "7.16")
            .row(RATE, "2.121", "2.122", "5.3", "7.28", "7.500", "7.508", "7.650", "7.651") // Exchange Online, Gmail
            .row(DNS, "4.3")
            .row(ROUTING, "4.6", "7.64")
            .row(EXPIRED, "4.7")
            .row(CONTENT, "6", "7.512")
            .row(AUTHENTICATION, "7.20", "7.21", "7.22", "7.23", "7.24", "7.25", "7.26") // RFC 7372
            .row(AUTHENTICATION, "7.509", "7.515") // Exchange Online
            .row(TLS, "7.4", "7.5", "7.10", "7.11", "7.29")
            .row(CREDENTIALS, "7.8", "7.57")
            .map();

    /** Texts, for every other code and for replies without one. The first row that occurs decides. */
    private static final List<TextRule> TEXTS = new TextTable()
            .row(RATE, "too (much|quickly|fast)|too many (?!hops)|unusual(ly high)? rate")
            .row(RATE, "at a rate that|unexpected volume|rate.{0,9}limit|throttl")
            .row(RATE, "(daily|hourly|sending).{0,20}(quota|limit)")
            .row(REPUTATION, "(block|black|deny).?list|\\brbl\\b|dnsbl|spamhaus|spamcop|barracudacentral")
            .row(REPUTATION, "\\breputation|\\bip\\b.{0,40}(blocked|banned|listed)|banned sending ip|part of their net")
            .row(REPUTATION, "permanently deferred|\\[bl\\d\\d|\\[tss?\\d\\d")
            .row(AUTHENTICATION, "\\b(spf|dkim|dmarc)\\b|unauthenticated|authentication (check|level|result)")
            .row(AUTHENTICATION, "\\b(ptr|rdns)\\b|reverse (dns|host|lookup)|cannot find your (reverse )?host")
            .row(SPAM, "\\bspam|unsolicited|bulk mail|\\bjunk\\b|\\bvirus|malware|infected|phishing|\\[cs01")
            .row(MAILBOX_FULL, "over ?quota|quota.{0,20}exceed|exceed.{0,30}(quota|storage allocation)")
            .row(MAILBOX_FULL, "box.{0,20}\\bfull\\b|out of storage space|storage limit|insufficient disk space")
            .row(INACTIVE_MAILBOX, "(box|account|user|recipient|address).{0,30}\\b(disabled|inactive|suspended)")
            .row(INACTIVE_MAILBOX, "(box|account|user|recipient|address).{0,30}\\b(closed|locked|expired|not active)")
            .row(INACTIVE_MAILBOX, "inactive (e-?mail|user|account|address|mailbox)")
            .row(TOO_LARGE, "too (large|big)|(size|length).{0,20}(exceed|limit)|exceed.{0,30}size")
            .row(RATE, "limit.{0,40}exceed|exceed.{0,30}limit")
            .row(BAD_SENDER, "sender (verify|verification|address rejected)|invalid sender|callout")
            .row(BAD_SENDER, "(sender|from).{0,30}\\bdomain\\b.{0,30}(not|invalid|unresolv)")
            .row(ROUTING, "relay(ing)? (access )?(is )?(denied|not|prohibited)|(unable|not permitted) to relay")
            .row(ROUTING, "too many hops|\\bloop(s|ing)?\\b|not (a )?local domain")
            .row(TLS, "\\b(start)?tls\\b")
            .row(CREDENTIALS, "authentication required|client was not authenticated|must authenticate|log ?in first")
            .row(BAD_MAILBOX, "(no such|unknown|invalid|unrouteable) (user|mailbox|recipient|address|account)")
            .row(BAD_MAILBOX, "(user|box|recipient|address|account).{0,30}(unknown|invalid|unavailable|no longer)")
            .row(BAD_MAILBOX, "(user|box|recipient|address|account).{0,30}not (found|exist|known|valid|listed|have)")
            .row(BAD_MAILBOX, "doesn.t (have|exist)|recip(ient)?notfound|recipient address rejected: access denied")
            .row(BAD_DOMAIN, "(domain|host).{0,30}(not (found|exist)|unknown|no mail|not accept)")
            .row(CONTENT, "attachment|bare (lf|cr)|line.{0,20}too long|rfc ?5322|missing.{0,20}header")
            .row(CONTENT, "(invalid|malformed|duplicate|multiple).{0,20}(header|from|message-id|date)")
            .row(POLICY, "polic(y|ies)|administrative(ly)? prohibit|not (authori|permitted|allowed)|access denied")
            .row(SYSTEM, "temporary (system|server) (problem|error)")
            .list();

    /** The usual meaning of the codes whose text did not help. */
    private static final Map<String, BounceClass> USUAL = new StatusTable()
            .row(BAD_MAILBOX, "1")
            .row(BAD_DOMAIN, "1.10")
            .row(INACTIVE_MAILBOX, "2.1")
            .row(NETWORK, "4.1", "4.2")
            .row(SYSTEM, "4.5")
            .row(ROUTING, "4.4")
            .row(CREDENTIALS, "7.3")
            .row(AUTHENTICATION, "7.27", "7.32")
            .row(TLS, "7.30")
            .row(SYSTEM, "3")
            .row(PROTOCOL, "5")
            .row(POLICY, "7")
            .map();

    private static final Pattern GREYLISTING_TEXT = Pattern.compile("gr[ae]y[ -]?list");
    private static final EnhancedStatus GREYLISTING_4_7_1 = new EnhancedStatus(4, 7, 1);

    private BounceRules() {}

    /** {@return the class of a failure that this host determined} */
    static BounceClass ofOwn(EnhancedStatus status) {
        return find(OWN, status)
                .or(() -> find(CLEAR, status))
                .or(() -> find(USUAL, status))
                .orElse(UNDETERMINED);
    }

    /** {@return the class of a refusal} */
    static BounceClass ofReply(Stage stage, Reply reply) {
        if (reply.isPositive() || reply.isIntermediate()) {
            return PROTOCOL;
        }
        String text = String.join(" ", reply.lines()).toLowerCase(Locale.ROOT);
        if (reply.isTransientFailure() && GREYLISTING_TEXT.matcher(text).find()) {
            return GREYLISTING;
        }
        return switch (stage) {
            case STARTTLS -> TLS;
            case AUTH -> CREDENTIALS;
            default ->
                reply.enhancedStatus()
                        .flatMap(status -> find(CLEAR, status))
                        .or(() -> byText(withoutAddresses(text)))
                        .or(() -> reply.enhancedStatus().flatMap(status -> usual(reply.code(), status)))
                        .orElseGet(() -> byCode(stage, reply.code()));
        };
    }

    private static Optional<BounceClass> byText(String text) {
        return TEXTS.stream()
                .filter(rule -> rule.pattern().matcher(text).find())
                .map(TextRule::bounceClass)
                .findFirst();
    }

    /** RFC 6647 §5.1: 450 and 451 with 4.7.1, and a text that says nothing else, are greylisting. */
    private static Optional<BounceClass> usual(int code, EnhancedStatus status) {
        return status.equals(GREYLISTING_4_7_1) && (code == 450 || code == 451)
                ? Optional.of(GREYLISTING)
                : find(USUAL, status);
    }

    /** {@return what the reply code means at this stage (RFC 5321 §4.2.3, RFC 4954 §6, RFC 7504)} */
    private static BounceClass byCode(Stage stage, int code) {
        boolean beforeMail = stage.compareTo(Stage.MAIL) < 0;
        return switch (code) {
            case 500, 501, 502, 503, 504, 555 -> PROTOCOL;
            case 521, 556 -> BAD_DOMAIN;
            case 523 -> TOO_LARGE;
            case 530, 534, 535, 538 -> CREDENTIALS;
            case 550, 551 -> beforeMail ? REPUTATION : stage == Stage.RCPT ? BAD_MAILBOX : POLICY;
            case 552 -> stage == Stage.RCPT ? MAILBOX_FULL : TOO_LARGE;
            case 553 -> stage == Stage.MAIL ? BAD_SENDER : BAD_MAILBOX;
            case 554 -> beforeMail ? REPUTATION : POLICY;
            default -> code < 500 ? SYSTEM : UNDETERMINED;
        };
    }

    private static String withoutAddresses(String text) {
        StringBuilder kept = new StringBuilder();
        String searched = text.substring(0, Math.min(text.length(), MAX_TEXT));
        for (String word : searched.split("\\s+", -1)) {
            if (word.indexOf('@') < 0) {
                kept.append(word).append(' ');
            }
        }
        return kept.toString();
    }

    private static Optional<BounceClass> find(Map<String, BounceClass> table, EnhancedStatus status) {
        return Stream.of(status.toString(), status.subject() + "." + status.detail(), String.valueOf(status.subject()))
                .filter(table::containsKey)
                .map(table::get)
                .findFirst();
    }

    private record TextRule(BounceClass bounceClass, Pattern pattern) {}

    /** Rows of status codes: "1.10" of every class, "5.4.3" of one class, "6" for all details of the subject that have no row. */
    private static final class StatusTable {
        private final Map<String, BounceClass> rows = new HashMap<>();

        StatusTable row(BounceClass bounceClass, String... statuses) {
            for (String status : statuses) {
                rows.put(status, bounceClass);
            }
            return this;
        }

        Map<String, BounceClass> map() {
            return Map.copyOf(rows);
        }
    }

    private static final class TextTable {
        private final List<TextRule> rows = new ArrayList<>();

        TextTable row(BounceClass bounceClass, String pattern) {
            rows.add(new TextRule(bounceClass, Pattern.compile(pattern)));
            return this;
        }

        List<TextRule> list() {
            return List.copyOf(rows);
        }
    }
}
