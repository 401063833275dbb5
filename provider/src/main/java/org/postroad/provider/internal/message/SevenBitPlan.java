// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.util.BitSet;
import java.util.Optional;

/** The first pass of a conversion: which leaves must be encoded, and what forbids it. */
final class SevenBitPlan implements MimeScanner.Visitor {

    /** Headers of messages and parts in one message. */
    static final int MAX_PARTS = 100_000;

    private final boolean signed;
    private final BitSet encoded = new BitSet();
    private long headerOctets;
    private Optional<String> obstacle = Optional.empty();

    /** @param signed whether the message as a whole has a DKIM-Signature */
    SevenBitPlan(boolean signed) {
        this.signed = signed;
    }

    /** Why the message cannot be converted, if so. */
    Optional<String> obstacle() {
        return obstacle;
    }

    /** How the content of the leaf is to be written. */
    BodyEncoding encodingOf(MimePart leaf) {
        if (!encoded.get(leaf.place().number())) {
            return BodyEncoding.UNCHANGED;
        }
        return leaf.type().type().equals("text") ? BodyEncoding.QUOTED_PRINTABLE : BodyEncoding.BASE64;
    }

    /** Whether a multipart or message is labelled for content that will no longer be there. */
    boolean isRelabelled(MimePart part) {
        return part.kind() != MimePart.Kind.LEAF
                && part.isLabelled8bit()
                && protection(part).isEmpty();
    }

    @Override
    public void headerLine(MimePlace place, Line line) {
        headerOctets += line.length();
        if (line.has8bit()) {
            stopAt("octets above 127 in a header");
        }
    }

    @Override
    public void headerEnd(MimePart part, boolean separated) {
        if (headerOctets > SevenBitRewriter.MAX_PART_HEADER) {
            stopAt("the header of a part is larger than " + SevenBitRewriter.MAX_PART_HEADER + " octets");
        }
        headerOctets = 0;
        if (part.place().number() >= MAX_PARTS) {
            stopAt("there are more than " + MAX_PARTS + " parts");
        }
        boolean mayChange = obstacleWithin(part).isEmpty();
        if (obstacle.isEmpty() && part.kind() == MimePart.Kind.LEAF && part.isLabelled8bit() && mayChange) {
            encoded.set(part.place().number());
        }
    }

    @Override
    public void contentLine(MimePart leaf, Line line) {
        if (obstacle.isEmpty() && line.has8bit()) {
            obstacleWithin(leaf).ifPresent(this::stopAt);
            encoded.set(leaf.place().number());
        }
    }

    @Override
    public void contentEnd(MimePart leaf, boolean delimited) {}

    @Override
    public void structureLine(Line line) {
        if (line.has8bit()) {
            stopAt("octets above 127 outside the parts of a multipart");
        }
    }

    private Optional<String> obstacleWithin(MimePart leaf) {
        return protection(leaf).or(leaf::obscurity).or(() -> nature(leaf));
    }

    private Optional<String> protection(MimePart part) {
        return signed ? Optional.of("the message has a DKIM-Signature") : part.protection();
    }

    private static Optional<String> nature(MimePart leaf) {
        if (!leaf.isIdentity()) {
            return Optional.of("octets above 127 in a part that claims to be encoded already");
        }
        // RFC 2046 §5.2.2 and §5.2.3: 7bit and nothing else.
        boolean sevenBitOnly =
                leaf.type().is("message", "partial") || leaf.type().is("message", "external-body");
        return sevenBitOnly ? Optional.of("a " + leaf.type() + " must not be encoded") : Optional.empty();
    }

    private void stopAt(String reason) {
        if (obstacle.isEmpty()) {
            obstacle = Optional.of(reason);
        }
    }
}
