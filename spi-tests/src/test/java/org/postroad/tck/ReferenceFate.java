// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

/**
 * What became of one recipient at one host, or at all.
 *
 * @param code of three digits
 * @param status the enhanced one
 * @param addressAtFault whether the address itself was refused
 */
record ReferenceFate(Kind kind, int code, String status, String text, boolean addressAtFault) {

    /** What it means for the rest of the list. */
    enum Kind {
        ACCEPTED,
        REJECTED,
        /** A 4yz reply. */
        SOFT_REPLY,
        /** No answer, or a bad connection. */
        SOFT_FAILURE,
        /** 5yz about the host. */
        HOST_REFUSED,
        /** TRY-05. */
        IN_DOUBT
    }

    /** Nothing that another host could change. */
    boolean isFinal() {
        return kind == Kind.ACCEPTED || kind == Kind.REJECTED || kind == Kind.IN_DOUBT;
    }

    boolean isSoft() {
        return kind == Kind.SOFT_REPLY || kind == Kind.SOFT_FAILURE;
    }

    /** We never reached a server. */
    static ReferenceFate noAnswer(String text) {
        return new ReferenceFate(Kind.SOFT_FAILURE, 451, "4.4.1", text, false);
    }

    /** This server cannot take what the message needs; another one may. */
    static ReferenceFate hostLacks(String status, String text) {
        return new ReferenceFate(Kind.HOST_REFUSED, 554, status, text, false);
    }

    /** We reached one, and lost it. */
    static ReferenceFate badConnection(String text) {
        return new ReferenceFate(Kind.SOFT_FAILURE, 451, "4.4.2", text, false);
    }

    /** Our own conclusion. */
    static ReferenceFate concluded(String status, String text) {
        boolean addressAtFault = status.equals("5.1.2") || status.equals("5.1.10");
        Kind kind = status.startsWith("4") ? Kind.SOFT_FAILURE : Kind.REJECTED;
        return new ReferenceFate(kind, status.startsWith("4") ? 451 : 550, status, text, addressAtFault);
    }

    @Override
    public String toString() {
        return code + " " + status + " " + text;
    }
}
