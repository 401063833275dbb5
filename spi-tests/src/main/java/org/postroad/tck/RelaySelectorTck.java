// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.Mailbox;
import org.postroad.api.Relay;
import org.postroad.spi.RelaySelector;
import org.postroad.spi.RelaySelector.Families;
import org.postroad.spi.RelaySelector.Question;
import org.postroad.spi.RelaySelector.Reason;

/**
 * The conformance tests of {@link RelaySelector}: REL. They do not prescribe which relays a selector chooses, unless the
 * implementer states that in {@link #expected()}.
 */
public abstract class RelaySelectorTck extends Tck {

    private static final Expect ANSWER = Expect.lookAt("the list that select() returns");
    private static final Expect SHARED = Expect.lookAt("state shared between calls");
    private static final int ROUNDS = 3;
    private static final int CROWD = 8;
    private static final int CROWD_ROUNDS = 5;
    private static final int MANY_QUESTIONS = 1000;
    private static final int MANY_RECIPIENTS = 1000;

    /** @return the implementation, ready for use, with its tables */
    protected abstract RelaySelector create() throws Exception;

    /**
     * Returns the questions to ask, preferably about domains that are in the tables. The default is example.org and others, for
     * both reasons and for each pair of families.
     */
    protected List<Question> questions() {
        List<Question> questions = new ArrayList<>();
        for (String domain : List.of("example.org", "mail.example.org", "example.com", "unknown.example.net")) {
            for (Reason reason : Reason.values()) {
                for (Family ours : Family.values()) {
                    questions.add(question(domain, new Families(Set.of(ours), Set.of(ours.other())), reason));
                }
            }
            questions.add(question(domain, new Families(both(), both()), Reason.FALLBACK));
        }
        return questions;
    }

    /** Returns the relays that the tables give for some questions, in order. The default is empty; then REL-06 is skipped. */
    protected Map<Question, List<Relay>> expected() {
        return Map.of();
    }

    private RelaySelector subject() throws Exception {
        return Expect.lookAt("the factory method create()").notNull("a RelaySelector", create());
    }

    private static Set<Family> both() {
        return Set.of(Family.IPV4, Family.IPV6);
    }

    private static Question question(String domain, Families families, Reason reason) {
        List<Mailbox> recipients = List.of(Mailbox.parse("user@" + domain), Mailbox.parse("other@" + domain));
        return new Question(
                Domain.parse(domain), Optional.of(Mailbox.parse("sender@example.com")), recipients, families, reason);
    }

    private static Question otherFamily(String domain, Optional<Mailbox> sender, List<Mailbox> recipients) {
        Families families = new Families(Set.of(Family.IPV4), Set.of(Family.IPV6));
        return new Question(Domain.parse(domain), sender, recipients, families, Reason.OTHER_FAMILY);
    }

    /** Selects, and checks that the result is a list without nulls. */
    private List<Relay> select(RelaySelector selector, Question question) {
        List<Relay> relays =
                ANSWER.notNull("a list, perhaps empty, for " + question.domain(), selector.select(question));
        for (Relay relay : relays) {
            ANSWER.notNull("relays for " + question.domain(), relay);
        }
        return relays;
    }

    private void expectNoException(Question question) throws Exception {
        RelaySelector selector = subject();
        try {
            select(selector, question);
        } catch (RuntimeException e) {
            throw Expect.lookAt("how the tables are searched, and what happens if they contain no relay")
                    .mismatch("relays for " + question.domain() + ", or an empty list", "the exception " + e);
        }
    }

    @Nested
    class Answers {

        @Requirement
        void REL_01_eachAnswerIsAListOfRelays() throws Exception {
            RelaySelector selector = subject();
            for (Question question : questions()) {
                select(selector, question);
            }
        }

        @Requirement
        void REL_02_anUnknownDomainCausesNoException() throws Exception {
            String unknown = "relay-of-nobody.postroad-tck.invalid";
            expectNoException(otherFamily(
                    unknown, Optional.of(Mailbox.parse("a@example.com")), List.of(Mailbox.parse("b@" + unknown))));
        }

        @Requirement
        void REL_02_theNullSenderCausesNoException() throws Exception {
            expectNoException(otherFamily("example.org", Optional.empty(), List.of(Mailbox.parse("user@example.org"))));
        }

        @Requirement
        void REL_02_manyRecipientsCauseNoException() throws Exception {
            List<Mailbox> recipients = IntStream.range(0, MANY_RECIPIENTS)
                    .mapToObj(number -> Mailbox.parse("user" + number + "@example.org"))
                    .toList();
            expectNoException(otherFamily("example.org", Optional.empty(), recipients));
        }

        @Requirement
        void REL_02_recipientsInUtf8AndInQuotesCauseNoException() throws Exception {
            List<Mailbox> recipients =
                    List.of(Mailbox.parse("grüße@example.org"), Mailbox.parse("\"a @ b\"@example.org"));
            expectNoException(otherFamily("example.org", Optional.of(Mailbox.parse("用户@example.com")), recipients));
        }

        @Requirement
        void REL_02_anInternationalizedDomainCausesNoException() throws Exception {
            expectNoException(otherFamily(
                    "xn--bcher-kva.example", Optional.empty(), List.of(Mailbox.parse("a@xn--bcher-kva.example"))));
        }

        @Requirement
        void REL_02_anAddressLiteralCausesNoException() throws Exception {
            for (String literal : List.of("[192.0.2.1]", "[IPv6:2001:db8::1]")) {
                expectNoException(otherFamily(literal, Optional.empty(), List.of(Mailbox.parse("user@" + literal))));
            }
        }

        @Requirement
        void REL_02_shortestAndLongestNamesCauseNoException() throws Exception {
            String label = "a".repeat(63) + ".";
            for (String domain : List.of("localhost", label.repeat(3) + "a".repeat(61))) {
                expectNoException(otherFamily(domain, Optional.empty(), List.of()));
            }
        }

        @Requirement
        void REL_02_anEmptySetOfFamiliesCausesNoException() throws Exception {
            Families none = new Families(Set.of(), Set.of());
            for (Reason reason : Reason.values()) {
                expectNoException(question("example.org", none, reason));
            }
        }

        @Requirement
        void REL_06_theAnswersAreThoseOfTheTables() throws Exception {
            if (expected().isEmpty()) {
                throw new Skip(Skip.Kind.NOT_DECLARED, "The implementer's class states no expected() answers");
            }
            RelaySelector selector = subject();
            expected()
                    .forEach((question, relays) ->
                            ANSWER.equal("for " + question.domain(), relays, List.copyOf(select(selector, question))));
        }
    }

    @Nested
    class StableAnswers {

        @Requirement
        void REL_03_theSameQuestionHasTheSameAnswer() throws Exception {
            RelaySelector selector = subject();
            Map<Question, List<Relay>> first = answers(selector);
            for (int i = 0; i < ROUNDS; i++) {
                Expect.lookAt("randomness, and state that a question changes")
                        .equal("the same answers as before:", first, answers(selector));
            }
        }

        @Requirement
        void REL_04_aReturnedAnswerIsNotChanged() throws Exception {
            RelaySelector selector = subject();
            List<List<Relay>> given = new ArrayList<>();
            List<List<Relay>> copies = new ArrayList<>();
            for (Question question : questions()) {
                List<Relay> answer = select(selector, question);
                given.add(answer);
                copies.add(List.copyOf(answer));
            }
            Expect.lookAt("whether select() modifies a list after returning it")
                    .equal("the answers as they were returned:", copies, given);
        }

        private Map<Question, List<Relay>> answers(RelaySelector selector) {
            Map<Question, List<Relay>> answers = new LinkedHashMap<>();
            questions().forEach(question -> answers.put(question, List.copyOf(select(selector, question))));
            return answers;
        }

        /**
         * A selector that balances load gives different answers over time. One that does not must give the same answers under
         * concurrent use.
         */
        @Requirement
        void REL_05_concurrentQuestionsHaveTheirOwnAnswers() throws Exception {
            RelaySelector selector = subject();
            Map<Question, List<Relay>> alone = answers(selector);
            boolean steady = true;
            for (int i = 0; i < ROUNDS; i++) {
                steady &= alone.equals(answers(selector));
            }
            boolean comparable = steady;
            ConcurrentTasks.atOnce(CROWD, number -> {
                for (int i = 0; i < CROWD_ROUNDS; i++) {
                    Map<Question, List<Relay>> together = answers(selector);
                    SHARED.isTrue(
                            "the answers to a single thread: " + alone,
                            !comparable || alone.equals(together),
                            "" + together);
                }
            });
        }

        @Requirement
        void REL_07_aThousandQuestionsAreAnsweredInTime() throws Exception {
            RelaySelector selector = subject();
            List<Question> questions = questions();
            for (int i = 0; i < MANY_QUESTIONS && !questions.isEmpty(); i++) {
                select(selector, questions.get(i % questions.size()));
            }
        }
    }
}
