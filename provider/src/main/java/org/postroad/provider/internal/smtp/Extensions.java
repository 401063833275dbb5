// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Reply;

/**
 * The extensions that a server offers (RFC 5321 §4.1.1.1).
 *
 * @param keywords the EHLO keywords in upper case, each with its parameters, which may be empty
 */
public record Extensions(Map<String, String> keywords) {

    /** The extensions of a server that supports only HELO: none. */
    public static final Extensions NONE = new Extensions(Map.of());

    /** Maximum number of keywords read; further ones are ignored. A typical server has a dozen. */
    static final int MAX_KEYWORDS = 100;

    /** Maximum number of digits in a number; a longer number is ignored. */
    static final int MAX_NUMBER_DIGITS = 18;

    /** Maximum number of characters read of a keyword's parameters. */
    static final int MAX_PARAMETERS = 1000;

    private static final String AUTH = "AUTH";

    /** AUTH in the form used before RFC 2554. Some servers still announce it for old clients. */
    private static final Pattern OLD_AUTH = Pattern.compile("AUTH=[ \\t]*(.*)", Pattern.CASE_INSENSITIVE);

    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9][A-Za-z0-9-]*)(?:[ \\t]+(.*))?");

    public Extensions {
        keywords = Collections.unmodifiableMap(new LinkedHashMap<>(keywords)); // in the order of the announcement
    }

    /** Reads the keywords from a reply to EHLO. The first line is a greeting; invalid lines are skipped. */
    static Extensions of(Reply reply) {
        Map<String, String> keywords = new LinkedHashMap<>();
        String oldAuth = "";
        for (String line : reply.lines().subList(1, reply.lines().size())) {
            Matcher matcher = LINE.matcher(line.strip());
            Matcher old = OLD_AUTH.matcher(line.strip());
            if (keywords.size() < MAX_KEYWORDS && matcher.matches()) {
                keywords.putIfAbsent(matcher.group(1).toUpperCase(Locale.ROOT), parameters(matcher.group(2)));
            } else if (oldAuth.isEmpty() && old.matches()) {
                oldAuth = parameters(old.group(1));
            }
        }
        if (!oldAuth.isEmpty() && (keywords.size() < MAX_KEYWORDS || keywords.containsKey(AUTH))) {
            keywords.put(AUTH, union(keywords.getOrDefault(AUTH, ""), oldAuth));
        }
        return new Extensions(keywords);
    }

    private static String parameters(@Nullable String text) {
        String parameters = text == null ? "" : text.strip();
        return parameters
                .substring(0, Math.min(parameters.length(), MAX_PARAMETERS))
                .strip();
    }

    /** Returns the words of the first list, followed by those that only the second contains. */
    private static String union(String words, String others) {
        Set<String> all = new LinkedHashSet<>(words(words.toUpperCase(Locale.ROOT)));
        all.addAll(words(others.toUpperCase(Locale.ROOT)));
        return parameters(String.join(" ", all));
    }

    /** Returns these extensions without SIZE and DSN, whose parameters of MAIL and RCPT can be left out. */
    Extensions withoutOptionalParameters() {
        Map<String, String> left = new LinkedHashMap<>(keywords);
        left.keySet().removeAll(Set.of("SIZE", "DSN"));
        return new Extensions(left);
    }

    /** Returns the maximum size of a message in octets (RFC 1870); empty if the server gives no limit. */
    public OptionalLong maximumSize() {
        OptionalLong size = number(keywords.getOrDefault("SIZE", ""));
        return size.isPresent() && size.getAsLong() == 0 ? OptionalLong.empty() : size;
    }

    /** Returns whether SIZE (RFC 1870) is offered. */
    public boolean size() {
        return keywords.containsKey("SIZE");
    }

    /** Returns whether 8BITMIME (RFC 6152) is offered. */
    public boolean eightBitMime() {
        return keywords.containsKey("8BITMIME");
    }

    /** Returns whether REQUIRETLS (RFC 8689) is offered. */
    public boolean requireTls() {
        return keywords.containsKey("REQUIRETLS");
    }

    /** Returns whether SMTPUTF8 (RFC 6531) is offered. */
    public boolean smtpUtf8() {
        return keywords.containsKey("SMTPUTF8");
    }

    /** Returns whether DSN (RFC 3461) is offered. */
    public boolean dsn() {
        return keywords.containsKey("DSN");
    }

    /** Returns whether STARTTLS (RFC 3207) is offered. */
    public boolean startTls() {
        return keywords.containsKey("STARTTLS");
    }

    /** Returns whether PIPELINING (RFC 2920) is offered. */
    public boolean pipelining() {
        return keywords.containsKey("PIPELINING");
    }

    /** Returns whether CHUNKING (RFC 3030) is offered. */
    public boolean chunking() {
        return keywords.containsKey("CHUNKING");
    }

    /** Returns whether ENHANCEDSTATUSCODES (RFC 2034) is offered. */
    public boolean enhancedStatusCodes() {
        return keywords.containsKey("ENHANCEDSTATUSCODES");
    }

    /** Returns the SASL mechanisms of AUTH (RFC 4954), in upper case and in the server's order. */
    public List<String> authMechanisms() {
        return words(keywords.getOrDefault(AUTH, "")).stream()
                .map(name -> name.toUpperCase(Locale.ROOT))
                .toList();
    }

    /** Returns a limit such as {@code RCPTMAX} or {@code MAILMAX} (LIMITS, RFC 9422); empty if the server gives none. */
    public OptionalLong limit(String name) {
        if (!keywords.containsKey("LIMITS")) {
            return OptionalLong.empty();
        }
        String prefix = name + "=";
        return words(keywords.getOrDefault("LIMITS", "")).stream()
                .filter(word -> word.regionMatches(true, 0, prefix, 0, prefix.length()))
                .map(word -> number(word.substring(prefix.length())))
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    private static List<String> words(String parameters) {
        List<String> words = new ArrayList<>(Arrays.asList(parameters.split("[ \\t]+")));
        words.removeIf(String::isEmpty);
        return words;
    }

    private static OptionalLong number(String text) {
        boolean readable = !text.isEmpty()
                && text.length() <= MAX_NUMBER_DIGITS
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return readable ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
