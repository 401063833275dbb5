// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads domains and mailboxes of the command line. */
final class AddressReaders {

    private AddressReaders() {}

    /** Reads a domain. */
    static final class OfDomain implements ITypeConverter<Domain> {

        @Override
        public Domain convert(String text) {
            try {
                return Domain.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Reads a mailbox. */
    static final class OfMailbox implements ITypeConverter<Mailbox> {

        @Override
        public Mailbox convert(String text) {
            try {
                return Mailbox.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
