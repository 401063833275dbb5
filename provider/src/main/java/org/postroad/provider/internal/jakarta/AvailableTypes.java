// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

/**
 * Chooses the SMTP-specific types. If those of Angus Mail are available, {@code SMTPMessage} is honoured and the exceptions of Angus Mail
 * are chained, so that existing code keeps working; otherwise the types of Jakarta Mail are used. Thread-safe.
 */
public final class AvailableTypes {

    private AvailableTypes() {}

    /** Returns the types available to the class loader of this class. */
    public static SmtpTypes smtp() {
        return Found.TYPES;
    }

    /** Looks for Angus Mail once, on first use. */
    private static final class Found {

        static final SmtpTypes TYPES = find();

        private static SmtpTypes find() {
            try {
                Class.forName("org.eclipse.angus.mail.smtp.SMTPMessage", false, SmtpTypes.class.getClassLoader());
                return new AngusTypes();
            } catch (ClassNotFoundException | LinkageError absent) {
                return new SmtpTypes();
            }
        }
    }
}
