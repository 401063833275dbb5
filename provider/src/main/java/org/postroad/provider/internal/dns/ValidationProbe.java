// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.security.SecureRandom;
import java.util.Optional;
import org.postroad.api.Deadline;
import org.postroad.api.HostName;
import org.postroad.api.Printable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Finds out whether a server validates by itself, by a name that only it can find bogus: a name that does not exist, and for which the
 * server's configuration has a trust anchor that fits nothing. In unbound:
 *
 * <pre>{@code trust-anchor: "postroad.alt. DS 1 8 2 0000000000000000000000000000000000000000000000000000000000000000"}</pre>
 *
 * <p>A name that is bogus for the whole world would prove nothing: a forwarder hands on the verdict of whoever validates outside, like his AD
 * bit. No other validator has this anchor. So all of this must be so:
 *
 * <ol>
 *   <li>An address of the name cannot be had: SERVFAIL.
 *   <li>Without validation (CD) it can: NXDOMAIN. So the server can ask, and what it lacks is the proof.
 *   <li>Its DS record does not exist, and that is authentic (AD): the signed parent proves that for others nothing is bogus here.
 *   <li>An MX record cannot be had either: SERVFAIL, so that the first one was no accident.
 * </ol>
 *
 * <p>Nobody between the server and the Internet can bring a validating server to fail 1, 3 or 4 in another way than by SERVFAIL or silence,
 * and these lead to no finding. So nobody there can have it taken for one that does not validate.
 */
final class ValidationProbe {

    private final DnsExchange exchange;
    private final SecureRandom random = new SecureRandom();

    ValidationProbe(DnsExchange exchange) {
        this.exchange = exchange;
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
            int unchecked = ask(server, probe, Type.A, Flags.CD, deadline).getRcode();
            if (unchecked != Rcode.NXDOMAIN) {
                return noFinding("without validation (CD), A of " + probe + " is " + said(unchecked)
                        + " and not NXDOMAIN; the name must not exist");
            }
            Message ds = ask(server, probe, Type.DS, Flags.AD, deadline);
            if (ds.getRcode() != Rcode.NXDOMAIN && ds.getRcode() != Rcode.NOERROR) {
                return noFinding("DS of " + probe + " is " + said(ds.getRcode()) + " and not NXDOMAIN");
            } else if (ds.getRcode() != Rcode.NXDOMAIN || !ds.getHeader().getFlag(Flags.AD)) {
                return doesNot("that " + probe + " does not exist is not authentic (DS is " + said(ds.getRcode())
                        + "); others may find it bogus");
            }
            return mustBeBogus(server, probe, Type.MX, deadline)
                    .orElseGet(() -> new Finding(Verdict.VALIDATES, "nobody else finds " + probe + " bogus"));
        } catch (TextParseException e) {
            throw new IllegalStateException("The host name " + name + " is no DNS name", e);
        } catch (IOException | UnresolvedAddressException | UnsupportedAddressTypeException e) {
            return noFinding(Printable.describe(e));
        }
    }

    private Optional<Finding> mustBeBogus(InetSocketAddress server, Name name, int type, Deadline deadline)
            throws IOException, InterruptedException {
        int rcode = ask(server, name, type, Flags.AD, deadline).getRcode();
        if (rcode == Rcode.SERVFAIL) {
            return Optional.empty();
        }
        String why = Type.string(type) + " of " + name + " is " + said(rcode) + " and not SERVFAIL";
        boolean believed = rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN;
        return Optional.of(believed ? doesNot(why) : noFinding(why));
    }

    private static Finding doesNot(String why) {
        return new Finding(Verdict.DOES_NOT_VALIDATE, why);
    }

    private static Finding noFinding(String why) {
        return new Finding(Verdict.NO_FINDING, why);
    }

    private static String said(int rcode) {
        return Rcode.string(rcode);
    }

    private Message ask(InetSocketAddress server, Name name, int type, int flag, Deadline deadline)
            throws IOException, InterruptedException {
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        query.getHeader().setID(random.nextInt(0x10000));
        query.getHeader().setFlag(flag);
        query.addRecord(new OPTRecord(Nameservers.UDP_SIZE, 0, 0, 0), Section.ADDITIONAL);
        return exchange.ask(query, server, deadline);
    }
}
