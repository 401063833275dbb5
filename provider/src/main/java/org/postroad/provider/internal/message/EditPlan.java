// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.MessageWarning;
import org.postroad.provider.internal.message.HeaderEditor.Flaw;

/**
 * The only class that decides what must change in a message so that a receiver can accept it. Reads the message once; {@link Rewriter}
 * applies the decisions.
 *
 * <p>An edit is either required or desirable. Required edits prevent octets from being damaged or refused: octets above 127 for a server
 * without 8BITMIME or SMTPUTF8, octets that do not form lines, NUL. If such an edit is not possible, the message has no form for this
 * receiver: {@link #obstacle}. Desirable edits fix what most servers accept anyway: lines that are too long, headers that claim to be UTF-8
 * but are not. If such an edit is not possible, the octets are sent unchanged: {@link #warnings}.
 *
 * <p>Signed content is not changed: a message with a DKIM-Signature, and the parts of a multipart/signed or multipart/encrypted. An
 * embedded message with its own DKIM-Signature is not changed either, with one exception: octets above 127 in its body are encoded if the
 * server lacks 8BITMIME, because otherwise the message could not be forwarded to that server.
 */
final class EditPlan implements MimeScanner.Visitor {

    /** Maximum number of headers, of messages and parts, that are edited in one message. Later parts are left unchanged. */
    static final int MAX_PARTS = 100_000;

    /** Maximum size in octets of a header that is edited; it is held in memory. */
    static final int MAX_PART_HEADER = 2 * HeaderFilter.MAX_HEADER;

    /** Maximum number of warnings about one message. */
    static final int MAX_WARNINGS = HeaderEditor.MAX_FLAWS;

    private static final int ORDINARY_HEADER = 1024;

    private static final String BEYOND_ASCII = "octets above 127";
    private static final String SIGNED = "the message has a DKIM-Signature";
    private static final String TOO_MANY_PARTS = "there are more than " + MAX_PARTS + " parts";
    private static final String HEADER_TOO_LARGE = "the header of a part is larger than " + MAX_PART_HEADER + " octets";

    private final Receiver receiver;
    private final BitSet headers = new BitSet();
    private final BitSet encoded = new BitSet();
    private final BitSet exact = new BitSet();
    private final BitSet rewrapped = new BitSet();
    private final BitSet encoded8bit = new BitSet();
    private final BitSet relabelled = new BitSet();
    private final List<MessageWarning> warnings = new ArrayList<>();
    private final ByteArrayOutputStream header = new ByteArrayOutputStream(ORDINARY_HEADER);
    private boolean headerIsTooLarge;
    private boolean headerLineIsOpen;
    private boolean headerHas8bit;
    private boolean headerHasNul;
    private boolean leafHeaderIsTooLarge;
    private LeafContent content = new LeafContent();
    private long structureLine;
    private boolean messageIsSigned;
    private Optional<Obstacle> obstacle = Optional.empty();

    /**
     * Why the message has no form for the receiver.
     *
     * @param status 5.6.3 or 5.6.7
     * @param reason human-readable, without final period
     */
    record Obstacle(EnhancedStatus status, String reason) {}

    EditPlan(Receiver receiver) {
        this.receiver = receiver;
    }

    /** Returns why the message has no form for the receiver; empty if it has one. */
    Optional<Obstacle> obstacle() {
        return obstacle;
    }

    /** Returns whether the message can be sent unchanged. */
    boolean isEmpty() {
        return headers.isEmpty() && encoded.isEmpty() && rewrapped.isEmpty() && relabelled.isEmpty();
    }

    /** Returns the flaws that are sent unchanged. */
    List<MessageWarning> warnings() {
        return warnings;
    }

    Receiver receiver() {
        return receiver;
    }

    /** Returns how to write the content of the leaf. */
    BodyEncoding encodingOf(MimePart leaf) {
        int number = leaf.place().number();
        if (rewrapped.get(number)) {
            return leaf.encoding().equals("base64")
                    ? BodyEncoding.BASE64_IN_SHORTER_LINES
                    : BodyEncoding.QUOTED_PRINTABLE_IN_SHORTER_LINES;
        }
        if (!encoded.get(number)) {
            return BodyEncoding.UNCHANGED;
        }
        boolean readable = leaf.isText() && !leaf.type().hasForeignLineEnds();
        return readable ? BodyEncoding.QUOTED_PRINTABLE : BodyEncoding.BASE64;
    }

    /** Returns whether line ends in the leaf are data and must be preserved. */
    boolean isExact(MimePart leaf) {
        return exact.get(leaf.place().number());
    }

    /** Returns whether the encoded content has octets above 127, and so needs a charset label if the header declares no type. */
    boolean hasEncoded8bit(MimePart leaf) {
        return encoded8bit.get(leaf.place().number());
    }

    /** Returns whether anything in the header at this place changes. */
    boolean changesHeader(MimePart.Place place) {
        int number = place.number();
        return headers.get(number) || encoded.get(number) || relabelled.get(number);
    }

    /** Returns whether the fields of the header at this place are edited. */
    boolean changesFields(MimePart.Place place) {
        return headers.get(place.number());
    }

    /** Returns whether the part gets a new Content-Transfer-Encoding although its content is not encoded. */
    boolean isRelabelled(MimePart part) {
        return relabelled.get(part.place().number());
    }

    /** Returns what text the fields of a header may contain. */
    HeaderEditor.Text textOf(MimePart.Place place) {
        if (place.embedded()) {
            return receiver.eightBitMime() ? HeaderEditor.Text.ANY : HeaderEditor.Text.ASCII;
        }
        return receiver.smtpUtf8() ? HeaderEditor.Text.UTF8 : HeaderEditor.Text.ASCII;
    }

    @Override
    public void headerLine(MimePart.Place place, Line line) throws IOException {
        headerHas8bit |= line.has8bit();
        headerHasNul |= line.hasNul();
        headerIsTooLarge |= header.size() + line.length() + 2 > MAX_PART_HEADER;
        headerLineIsOpen = !line.ends();
        if (!headerIsTooLarge) {
            line.writeTo(header);
        }
    }

    @Override
    public void headerEnd(MimePart part, boolean separated) throws IOException {
        messageIsSigned |= part.place().isRoot() && part.signed();
        if (headerLineIsOpen && !headerIsTooLarge) {
            Line.writeLineEnd(header);
        }
        leafHeaderIsTooLarge = headerIsTooLarge;
        if (!headerIsTooLarge) {
            planHeader(part, HeaderEditor.edit(header.toByteArray(), textOf(part.place()), receiver.aLabels()));
        } else if (headerHas8bit && textOf(part.place()) == HeaderEditor.Text.ASCII) {
            stop(EnhancedStatus.CONVERSION_REQUIRED_5_6_3, HEADER_TOO_LARGE);
        } else if (headerHasNul) {
            stop(EnhancedStatus.CONVERSION_REQUIRED_5_6_3, HEADER_TOO_LARGE);
        }
        boolean composite = part.kind() != MimePart.PartKind.LEAF;
        boolean mislabelled = part.isLabelledBinary() || (part.isLabelled8bit() && !receiver.eightBitMime());
        if (composite && mislabelled && immutabilityFor8bit(part).isEmpty()) {
            relabelled.set(part.place().number());
        }
        header.reset();
        headerIsTooLarge = false;
        headerLineIsOpen = false;
        headerHas8bit = false;
        headerHasNul = false;
    }

    private void planHeader(MimePart part, HeaderEditor.Edited edited) {
        if (edited.isUnchanged()) {
            return;
        }
        Optional<String> protection = headerProtection(part);
        if (protection.isEmpty() && edited.changed()) {
            headers.set(part.place().number());
        }
        // If nothing may be changed, every flaw that was found remains.
        List<Flaw> flaws = protection.isPresent() ? edited.found() : edited.left();
        for (Flaw flaw : flaws) {
            recordFlaw(part.place(), flaw, protection.orElse(flaw.reason()));
        }
    }

    private void recordFlaw(MimePart.Place place, Flaw flaw, String reason) {
        switch (flaw.kind()) {
            case NUL ->
                stop(
                        EnhancedStatus.CONVERSION_REQUIRED_5_6_3,
                        "a NUL octet in the field " + flaw.field() + ": " + reason);
            case BEYOND_ASCII -> {
                String text = "octets above 127 in the field " + flaw.field() + ": " + reason;
                if (textOf(place) == HeaderEditor.Text.ASCII) {
                    stop(
                            place.embedded()
                                    ? EnhancedStatus.CONVERSION_REQUIRED_5_6_3
                                    : EnhancedStatus.NON_ASCII_NOT_PERMITTED_5_6_7,
                            text);
                } else {
                    warn(flaw.field(), "octets above 127 that are not UTF-8 are sent unchanged: " + reason);
                }
            }
            case LONG_LINE -> warn(flaw.field(), longLine(flaw.octets(), reason));
        }
    }

    @Override
    public void contentLine(MimePart leaf, Line line) {
        content.take(line);
    }

    @Override
    public void contentEnd(MimePart leaf, boolean delimited) {
        LeafContent found = content;
        content = new LeafContent();
        found.end(delimited);
        boolean needs7bit = !receiver.eightBitMime();
        boolean data = leaf.isIdentity() && leaf.leafReason().isEmpty() && isData(leaf, found);
        if (found.hasNul()) {
            mustEncode(leaf, found, data, "NUL octets");
        } else if (data && found.hasOtherLineEnds()) {
            mustEncode(leaf, found, true, "binary data");
        } else if (found.has8bit() && needs7bit) {
            mustEncode(leaf, found, data, BEYOND_ASCII);
        } else if (leaf.isLabelled8bit() && needs7bit && mayEncode(leaf)) {
            encode(leaf, found, data);
        } else if (found.hasOverlongLine()) {
            shorten(leaf, found, data);
        } else if (leaf.isLabelledBinary() && immutability(leaf).isEmpty()) {
            relabelled.set(leaf.place().number()); // its octets form lines: BINARYMIME (RFC 3030 §3) is not needed
        }
    }

    /** Returns whether the octets are binary data, in which line ends have no meaning. */
    private boolean isData(MimePart leaf, LeafContent found) {
        if (leaf.isLabelledBinary() || leaf.type().hasForeignLineEnds() || found.hasNul()) {
            return true;
        }
        // Signed content always gets canonical lines, because signers and verifiers canonicalise it too.
        boolean isLines = leaf.isText() || leaf.type().type().equals("message");
        return !isLines && immutability(leaf).isEmpty() && found.looksLikeData();
    }

    private void mustEncode(MimePart leaf, LeafContent found, boolean data, String what) {
        boolean only8bit = what.equals(BEYOND_ASCII);
        Optional<String> hindrance = (only8bit ? immutabilityFor8bit(leaf) : immutability(leaf))
                .map(reason -> only8bit ? reason : what + ": " + reason)
                .or(() -> nature(leaf, what));
        if (hindrance.isPresent()) {
            stop(EnhancedStatus.CONVERSION_REQUIRED_5_6_3, hindrance.get());
        } else {
            encode(leaf, found, data);
        }
    }

    private boolean mayEncode(MimePart leaf) {
        return immutabilityFor8bit(leaf).isEmpty() && nature(leaf, BEYOND_ASCII).isEmpty();
    }

    private void encode(MimePart leaf, LeafContent found, boolean data) {
        int number = leaf.place().number();
        encoded.set(number);
        exact.set(number, data);
        encoded8bit.set(number, found.has8bit());
    }

    private void shorten(MimePart leaf, LeafContent found, boolean data) {
        Optional<String> immutability = immutability(leaf);
        if (immutability.isEmpty() && nature(leaf, "it").isEmpty()) {
            encode(leaf, found, data);
        } else if (immutability.isEmpty() && isEncodedInLines(leaf)) {
            rewrapped.set(leaf.place().number());
        } else {
            String reason = immutability.or(() -> nature(leaf, "it is")).orElse("");
            warn("body", longLine(found.longestLine(), reason));
        }
    }

    private static boolean isEncodedInLines(MimePart leaf) {
        return leaf.encoding().equals("base64") || leaf.encoding().equals("quoted-printable");
    }

    @Override
    public void structureLine(Line line) {
        String where = "outside the parts of a multipart";
        if (line.hasNul()) {
            stop(EnhancedStatus.CONVERSION_REQUIRED_5_6_3, "NUL octets " + where);
        }
        if (line.has8bit() && !receiver.eightBitMime()) {
            stop(EnhancedStatus.CONVERSION_REQUIRED_5_6_3, "octets above 127 " + where);
        }
        structureLine = (line.begins() ? 0 : structureLine) + line.length();
        if (line.ends() && structureLine > MessageFacts.MAX_LINE) {
            warn("body", longLine(structureLine, "it is " + where));
        }
    }

    /** Returns why nothing in the part may be changed; empty if changes are allowed. */
    private Optional<String> immutability(MimePart part) {
        return immutabilityFor8bit(part).or(() -> embeddedSignature(part));
    }

    /** As {@link #immutability}, but only for encoding octets above 127. */
    private Optional<String> immutabilityFor8bit(MimePart part) {
        return protection(part)
                .or(part::leafReason)
                .or(() -> leafHeaderIsTooLarge ? Optional.of(HEADER_TOO_LARGE) : Optional.empty())
                .or(() -> part.place().number() >= MAX_PARTS ? Optional.of(TOO_MANY_PARTS) : Optional.empty());
    }

    private Optional<String> headerProtection(MimePart part) {
        Optional<String> around =
                messageIsSigned ? Optional.of(SIGNED) : part.place().protection();
        return around.or(() -> embeddedSignature(part))
                .or(() -> part.place().number() >= MAX_PARTS ? Optional.of(TOO_MANY_PARTS) : Optional.empty());
    }

    private Optional<String> protection(MimePart part) {
        return messageIsSigned ? Optional.of(SIGNED) : part.protection();
    }

    private static Optional<String> embeddedSignature(MimePart part) {
        return part.signed() ? Optional.of("it is in a message with a DKIM-Signature") : Optional.empty();
    }

    private static Optional<String> nature(MimePart leaf, String what) {
        if (!leaf.isIdentity()) {
            return Optional.of(what + " in a part that claims to be encoded already");
        }
        // Only 7bit is allowed (RFC 2046 §5.2.2, §5.2.3).
        boolean sevenBitOnly =
                leaf.type().is("message", "partial") || leaf.type().is("message", "external-body");
        return sevenBitOnly ? Optional.of("a " + leaf.type() + " must not be encoded") : Optional.empty();
    }

    private static String longLine(long octets, String reason) {
        return "a line has " + octets + " octets, and servers need not take more than " + MessageFacts.MAX_LINE
                + "; it is sent unchanged: " + reason;
    }

    private void warn(String about, String text) {
        if (warnings.size() < MAX_WARNINGS) {
            warnings.add(new MessageWarning(about, text));
        }
    }

    private void stop(EnhancedStatus status, String reason) {
        if (obstacle.isEmpty()) {
            obstacle = Optional.of(new Obstacle(status, reason));
        }
    }
}
