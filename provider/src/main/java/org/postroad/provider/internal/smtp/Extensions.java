// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.ArrayList;
import java.util.Arrays;
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
 * What a server offers (RFC 5321 §4.1.1.1).
 *
 * @param keywords the EHLO keywords in upper case, each with its parameters, which may be none
 */
public record Extensions(Map<String, String> keywords) {

    /** What a server has that knows HELO only. */
    public static final Extensions NONE = new Extensions(Map.of());

    /** Keywords that are read; a server has a dozen. What follows is not looked at. */
    static final int MAX_KEYWORDS = 100;

    /** Digits in a number that is read: with more it says nothing. */
    static final int MAX_NUMBER_DIGITS = 18;

    /** Characters of a keyword's parameters that are read. */
    static final int MAX_PARAMETERS = 1000;

    private static final String AUTH = "AUTH";

    /** AUTH as servers announced it before RFC 2554, and some still do for clients of that time. */
    private static final Pattern OLD_AUTH = Pattern.compile("AUTH=[ \\t]*(.*)", Pattern.CASE_INSENSITIVE);

    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9][A-Za-z0-9-]*)(?:[ \\t]+(.*))?");

    public Extensions {
        keywords = Map.copyOf(keywords);
    }

    /** The keywords in a reply to EHLO, whose first line is a greeting; lines that are no keyword are passed over. */
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

    /** The words of one, and those that only the other has. */
    private static String union(String words, String others) {
        Set<String> all = new LinkedHashSet<>(words(words.toUpperCase(Locale.ROOT)));
        all.addAll(words(others.toUpperCase(Locale.ROOT)));
        return parameters(String.join(" ", all));
    }

    /** What a server offers without those that only tell it more than it must know: SIZE, and DSN. */
    Extensions withoutDispensable() {
        Map<String, String> left = new LinkedHashMap<>(keywords);
        left.keySet().removeAll(Set.of("SIZE", "DSN"));
        return new Extensions(left);
    }

    /** The most octets of a message (RFC 1870); empty: none said. */
    public OptionalLong maximumSize() {
        OptionalLong size = number(keywords.getOrDefault("SIZE", ""));
        return size.isPresent() && size.getAsLong() == 0 ? OptionalLong.empty() : size;
    }

    /** SIZE, RFC 1870. */
    public boolean size() {
        return keywords.containsKey("SIZE");
    }

    /** 8BITMIME, RFC 6152. */
    public boolean eightBitMime() {
        return keywords.containsKey("8BITMIME");
    }

    /** REQUIRETLS, RFC 8689. */
    public boolean requireTls() {
        return keywords.containsKey("REQUIRETLS");
    }

    /** SMTPUTF8, RFC 6531. */
    public boolean smtpUtf8() {
        return keywords.containsKey("SMTPUTF8");
    }

    /** DSN, RFC 3461. */
    public boolean dsn() {
        return keywords.containsKey("DSN");
    }

    /** STARTTLS, RFC 3207. */
    public boolean startTls() {
        return keywords.containsKey("STARTTLS");
    }

    /** PIPELINING, RFC 2920. */
    public boolean pipelining() {
        return keywords.containsKey("PIPELINING");
    }

    /** CHUNKING, RFC 3030. */
    public boolean chunking() {
        return keywords.containsKey("CHUNKING");
    }

    /** ENHANCEDSTATUSCODES, RFC 2034. */
    public boolean enhancedStatusCodes() {
        return keywords.containsKey("ENHANCEDSTATUSCODES");
    }

    /** The SASL mechanisms of AUTH (RFC 4954), in upper case and the server's order. */
    public List<String> authMechanisms() {
        return words(keywords.getOrDefault(AUTH, "")).stream()
                .map(name -> name.toUpperCase(Locale.ROOT))
                .toList();
    }

    /** A limit such as {@code RCPTMAX} or {@code MAILMAX} (LIMITS, RFC 9422); empty: none said. */
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
