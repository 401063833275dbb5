// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

/**
 * The result for one recipient, at one host or in total.
 *
 * @param kind the kind of result
 * @param code three digits
 * @param status the enhanced status
 * @param text human-readable
 * @param addressAtFault whether the address itself was refused
 */
record ReferenceOutcome(Kind kind, int code, String status, String text, boolean addressAtFault) {

    /** What the result means for the other hosts of the list. */
    enum Kind {
        ACCEPTED,
        REJECTED,
        /** A 4yz reply. */
        SOFT_REPLY,
        /** No answer, or a bad connection. */
        SOFT_FAILURE,
        /** 5yz that concerns the host. */
        HOST_REFUSED,
        /** TRY-05. */
        IN_DOUBT
    }

    /** Returns whether no other host could change this result. */
    boolean isFinal() {
        return kind == Kind.ACCEPTED || kind == Kind.REJECTED || kind == Kind.IN_DOUBT;
    }

    boolean isSoft() {
        return kind == Kind.SOFT_REPLY || kind == Kind.SOFT_FAILURE;
    }

    /** Creates the result if no server was reached. */
    static ReferenceOutcome noAnswer(String text) {
        return new ReferenceOutcome(Kind.SOFT_FAILURE, 451, "4.4.1", text, false);
    }

    /** Creates the result if this server lacks something that the message needs; another one may have it. */
    static ReferenceOutcome hostLacks(String status, String text) {
        return new ReferenceOutcome(Kind.HOST_REFUSED, 554, status, text, false);
    }

    /** Creates the result if the connection was lost. */
    static ReferenceOutcome badConnection(String text) {
        return new ReferenceOutcome(Kind.SOFT_FAILURE, 451, "4.4.2", text, false);
    }

    /** Creates a result determined by us, without a reply. */
    static ReferenceOutcome concluded(String status, String text) {
        boolean addressAtFault = status.equals("5.1.2") || status.equals("5.1.10");
        Kind kind = status.startsWith("4") ? Kind.SOFT_FAILURE : Kind.REJECTED;
        return new ReferenceOutcome(kind, status.startsWith("4") ? 451 : 550, status, text, addressAtFault);
    }

    @Override
    public String toString() {
        return code + " " + status + " " + text;
    }
}
