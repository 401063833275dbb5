// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.stream.Stream;
import org.postroad.api.Deadline;
import org.postroad.api.HostName;
import org.postroad.api.Printable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Finds out whether a server itself validates, by means of a name that only this server can find bogus. The name is below a domain that is
 * not signed, and the server's configuration has a trust anchor for the name that matches nothing. The name need not exist. In unbound:
 *
 * <pre>{@code
 * server:
 *     trust-anchor: "validation-probe.example.com. DS 1 8 2 0000000000000000000000000000000000000000000000000000000000000000"
 * }</pre>
 *
 * <p>A name that is bogus for every validator would prove nothing: a forwarder passes on the verdict of an upstream validator, like its AD
 * bit. No other validator has this trust anchor. All of these conditions must hold:
 *
 * <ol>
 *   <li>A query for A fails with SERVFAIL.
 *   <li>The same query without validation (CD) is answered, so the server has connectivity. The answer has no signatures, so other
 *       validators cannot find it bogus.
 *   <li>There is no DS record for the name, so other validators do not miss a signature.
 *   <li>A query for MX fails with SERVFAIL too, so the first failure was no coincidence.
 * </ol>
 */
final class ValidationProbe {

    private final DnsExchange exchange;
    private final boolean overTcp;
    private final SecureRandom random = new SecureRandom();

    /** @param overTcp whether to use TCP only */
    ValidationProbe(DnsExchange exchange, boolean overTcp) {
        this.exchange = exchange;
        this.overTcp = overTcp;
    }

    enum Verdict {
        VALIDATES,
        DOES_NOT_VALIDATE,
        NO_FINDING
    }

    record Finding(Verdict verdict, String why) {}

    Finding probe(InetSocketAddress server, HostName name, Deadline deadline) throws InterruptedException {
        try {
            Name probe = Name.fromString(name.text(), Name.root);
            Optional<Finding> objection = mustBeBogus(server, probe, Type.A, deadline);
            if (objection.isPresent()) {
                return objection.get();
            }
            objection = mustBeUnsigned(server, probe, deadline);
            if (objection.isPresent()) {
                return objection.get();
            }
            Message ds = ask(server, probe, Type.DS, false, deadline);
            boolean denied = ds.getRcode() == Rcode.NXDOMAIN
                    || (ds.getRcode() == Rcode.NOERROR
                            && ds.getSection(Section.ANSWER).stream().noneMatch(record -> record.getType() == Type.DS));
            if (!denied) {
                return noFinding("DS of " + probe + " must not exist, and is " + Rcode.string(ds.getRcode()));
            }
            return mustBeBogus(server, probe, Type.MX, deadline)
                    .orElseGet(() -> new Finding(Verdict.VALIDATES, "it alone finds " + probe + " bogus"));
        } catch (TextParseException e) {
            throw new IllegalStateException("The host name " + name + " is not a DNS name", e);
        } catch (IOException | UnresolvedAddressException | UnsupportedAddressTypeException e) {
            return noFinding(Printable.describe(e));
        }
    }

    private Optional<Finding> mustBeBogus(InetSocketAddress server, Name name, int type, Deadline deadline)
            throws IOException, InterruptedException {
        int rcode = ask(server, name, type, false, deadline).getRcode();
        if (rcode == Rcode.SERVFAIL) {
            return Optional.empty();
        }
        String why = Type.string(type) + " of " + name + " is " + Rcode.string(rcode) + " and not SERVFAIL";
        boolean believed = rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN;
        return Optional.of(believed ? new Finding(Verdict.DOES_NOT_VALIDATE, why) : noFinding(why));
    }

    private Optional<Finding> mustBeUnsigned(InetSocketAddress server, Name name, Deadline deadline)
            throws IOException, InterruptedException {
        Message unchecked = ask(server, name, Type.A, true, deadline);
        if (unchecked.getRcode() != Rcode.NOERROR && unchecked.getRcode() != Rcode.NXDOMAIN) {
            return Optional.of(noFinding(
                    "even without validation (CD), A of " + name + " is " + Rcode.string(unchecked.getRcode())));
        }
        boolean signed = Stream.of(Section.ANSWER, Section.AUTHORITY)
                .flatMap(section -> unchecked.getSection(section).stream())
                .anyMatch(record -> record.getType() == Type.RRSIG);
        return signed
                ? Optional.of(noFinding(name + " is in a signed zone, so that others may find it bogus as well"))
                : Optional.empty();
    }

    private static Finding noFinding(String why) {
        return new Finding(Verdict.NO_FINDING, why);
    }

    /** @param unchecked whether to query without validation (CD) and with signatures (DO) */
    private Message ask(InetSocketAddress server, Name name, int type, boolean unchecked, Deadline deadline)
            throws IOException, InterruptedException {
        Message query =
                new DnsQuery(Chain.from(name), type, unchecked).toMessage(QueryForm.FULL, random.nextInt(0x10000));
        return exchange.ask(query, server, overTcp, deadline);
    }
}
