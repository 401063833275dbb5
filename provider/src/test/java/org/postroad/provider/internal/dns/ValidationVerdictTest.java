// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer.Cause;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.dnssec.ValidatingResolver;

/** How verdicts of dnsjava's validator are interpreted, including some that no known message produces. */
class ValidationVerdictTest {

    private static final Name ASKED = SignedZone.name("mx.test.");

    private final Message query = Message.newQuery(Record.newRecord(ASKED, Type.A, DClass.IN));
    private final Message verdict = FailClosedResolver.reply(query);

    @ParameterizedTest
    @ValueSource(ints = {Rcode.NOERROR, Rcode.NXDOMAIN})
    void dnssec_aDenialIsInsecureOnlyForAReason(int rcode) {
        verdict.getHeader().setRcode(rcode);
        assertThat(judge()).isInstanceOfSatisfying(ParsedAnswer.Failed.class, useless -> {
            assertThat(useless.cause()).isEqualTo(Cause.BOGUS);
            assertThat(useless.detail()).contains("neither proved nor proved to be insecure");
        });
        addReason("no DS");
        assertThat(judge()).isInstanceOfAny(ParsedAnswer.NoData.class, ParsedAnswer.NoSuchName.class);
    }

    @Test
    void dnssec_anAliasAloneIsInsecureOnlyForAReason() {
        verdict.addRecord(Tricks.parse("mx.test. 60 IN CNAME other.test.").get(0), Section.ANSWER);
        assertThat(judge()).isInstanceOf(ParsedAnswer.Failed.class);
        addReason("no DS");
        assertThat(judge()).isInstanceOf(ParsedAnswer.Alias.class);
    }

    /** The validator gives no reason if a wildcard is covered by an opt-out (RFC 5155 §6). */
    @Test
    void dnssec_aValidatedMessageWithoutAdBitIsInsecure() {
        verdict.addRecord(Tricks.parse("mx.test. 60 IN A 192.0.2.1").get(0), Section.ANSWER);
        assertThat(judge()).isInstanceOf(ParsedAnswer.Data.class);
        assertThat(validation().judge(query, verdict, Chain.from(ASKED), Type.A).secure())
                .isFalse();
        verdict.getHeader().setFlag(Flags.AD);
        assertThat(validation().judge(query, verdict, Chain.from(ASKED), Type.A).secure())
                .isTrue();
    }

    @Test
    void dnssec_theReasonForBogusIsCleaned() {
        verdict.getHeader().setRcode(Rcode.SERVFAIL);
        addReason("evil\u0007");
        assertThat(judge())
                .isInstanceOfSatisfying(
                        ParsedAnswer.Failed.class,
                        useless -> assertThat(useless.detail())
                                .contains("is bogus: evil")
                                .doesNotContain("\u0007"));
    }

    @Test
    void dnssec_anUnexpectedQueryOfTheValidatorGetsServfail() {
        Executor anybody = Runnable::run;
        assertThat(new FailClosedResolver().sendAsync(query, anybody))
                .isCompletedWithValueMatching(reply -> reply.getRcode() == Rcode.SERVFAIL
                        && reply.getQuestion().equals(query.getQuestion())
                        && reply.getHeader().getID() == query.getHeader().getID());
    }

    private void addReason(String reason) {
        verdict.addRecord(
                new TXTRecord(Name.root, ValidatingResolver.VALIDATION_REASON_QCLASS, 0, reason), Section.ADDITIONAL);
    }

    private ParsedAnswer judge() {
        return validation().judge(query, verdict, Chain.from(ASKED), Type.A).reading();
    }

    private static Validation validation() {
        ServerList.ServerListSource nobody = () -> new ServerList(List.of(), "nobody");
        Nameservers servers = new Nameservers(
                DnsSettings.DEFAULTS, nobody, new DnsExchange(), Deadline.MONOTONIC, new SecureRandom());
        return new Validation(servers, TrustAnchors.shipped(), Deadline.MONOTONIC, Clock.systemUTC());
    }
}
