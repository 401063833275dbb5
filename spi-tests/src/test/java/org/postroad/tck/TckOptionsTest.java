// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;
import org.postroad.spi.AddressOrder;

/** Each option of a suite and each system property works as documented. */
class TckOptionsTest {

    private final Optional<String> patience = Optional.ofNullable(System.clearProperty(Options.PATIENCE));

    @AfterEach
    void forget() {
        List.of(Options.LEVEL, Options.IPV6, Options.PATIENCE).forEach(System::clearProperty);
        patience.ifPresent(factor -> System.setProperty(Options.PATIENCE, factor));
    }

    private static Events run(Class<?> type) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(type))
                .execute()
                .testEvents();
    }

    private static List<Throwable> thrown(Events events) {
        return events.list().stream().map(TckOptionsTest::thrown).toList();
    }

    private static Throwable thrown(Event event) {
        return event.getRequiredPayload(TestExecutionResult.class)
                .getThrowable()
                .orElseThrow();
    }

    /** Loses an address, and declares a waiver for it. */
    static class Waived extends AddressOrderGallery.ForgetsWhoHasNoRoute {
        @Override
        protected Map<String, String> waivers() {
            return Map.of("SORT-01", "addresses without a route are never dialled here");
        }
    }

    @Test
    void waivers_aWaivedRequirementIsTestedAndSkippedWithItsReason() {
        Events events = run(WaivedByName.class);
        assertThat(thrown(events.aborted()))
                .singleElement()
                .isInstanceOfSatisfying(
                        Skip.class, skip -> assertThat(skip.kind()).isEqualTo(Skip.Kind.WAIVED))
                .hasToString("org.postroad.tck.Skip: Waived: addresses without a route are never dialled here");
        assertThat(events.failed().list()).isEmpty();
    }

    /** Declares a waiver for one test. */
    static class WaivedByName extends AddressOrderGallery.ForgetsWhoHasNoRoute {
        @Override
        protected Map<String, String> waivers() {
            return Map.of("SORT_01_mixedFamiliesAreComplete", "addresses without a route are never dialled here");
        }

        @Override
        protected AddressOrder create() {
            AddressOrder forgetful = super.create();
            // A single candidate is ordered correctly.
            return (candidates, random) -> candidates.size() == 1 ? candidates : forgetful.order(candidates, random);
        }
    }

    @Test
    void waivers_anUnneededWaiverFails() {
        // One of the requirement's tests passes, so a waiver for all of them is stale.
        assertThat(thrown(run(Waived.class).failed()))
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure)
                        .hasMessageContaining("SORT-01")
                        .hasMessageContaining("stale")
                        .hasMessageContaining("never dialled here"));
    }

    /** Waives a requirement that does not exist. */
    static class WaivesNothing extends ReferenceAddressOrderTest {
        @Override
        protected Map<String, String> waivers() {
            return Map.of("SORT-99", "why not");
        }
    }

    /** Waives without a reason. */
    static class WaivesWithoutReason extends ReferenceAddressOrderTest {
        @Override
        protected Map<String, String> waivers() {
            return Map.of("SORT-01", " ");
        }
    }

    @Test
    void waivers_aWaiverWithoutRequirementOrReasonIsNamed() {
        assertThat(thrown(run(WaivesNothing.class).failed()))
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure).hasMessageContaining("\"SORT-99\""));
        assertThat(thrown(run(WaivesWithoutReason.class).failed()))
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure).hasMessageContaining("a reason"));
    }

    @Test
    void patience_aHangingImplementationIsShownWithItsStack() {
        assertThat(thrown(run(AddressOrderGallery.Hangs.class).failed()))
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure)
                        .hasMessageContaining("an end within 200 ms (patience)")
                        .hasMessageContaining("CountDownLatch.await"));
    }

    @Test
    void patience_hasAFactor() {
        System.setProperty(Options.PATIENCE, "2");
        assertThat(thrown(run(AddressOrderGallery.Hangs.class).failed()))
                .allSatisfy(failure -> assertThat(failure).hasMessageContaining("400 ms"));
    }

    @Test
    void level_mustSkipsAFailedShould() {
        assertThat(run(DeliveryListenerGallery.ExpectsARelay.class).failed().list())
                .isNotEmpty();
        System.setProperty(Options.LEVEL, "must");
        Events events = run(DeliveryListenerGallery.ExpectsARelay.class);
        assertThat(events.failed().list()).isEmpty();
        assertThat(thrown(events.aborted()))
                .isNotEmpty()
                .allSatisfy(thrown -> assertThat(thrown)
                        .isInstanceOfSatisfying(
                                Skip.class, skip -> assertThat(skip.kind()).isEqualTo(Skip.Kind.RELAXED))
                        .hasMessageContaining("EVT-01"));
    }

    @Test
    void level_aFailedMustIsAFailure() {
        System.setProperty(Options.LEVEL, "must");
        assertThat(run(AddressOrderGallery.NamesOneTwice.class).failed().list()).isNotEmpty();
    }

    @Test
    void options_anInvalidValueIsNamed() {
        System.setProperty(Options.PATIENCE, "much");
        assertThat(thrown(run(ReferenceAddressOrderTest.class).failed()))
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure)
                        .hasMessageContaining(Options.PATIENCE)
                        .hasMessageContaining("\"much\"")
                        .hasMessageContaining("1 to 100"));
        System.clearProperty(Options.PATIENCE);
        System.setProperty(Options.LEVEL, "some");
        assertThat(thrown(run(AddressOrderGallery.NamesOneTwice.class).failed()))
                .isNotEmpty()
                .allSatisfy(failure ->
                        assertThat(failure).hasMessageContaining(Options.LEVEL).hasMessageContaining("\"must\""));
    }

    @Test
    void factory_itsFailureIsAFailedRequirement() {
        assertThat(thrown(run(AddressOrderGallery.IsNotMade.class).failed()))
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure)
                        .hasMessageContaining("an AddressOrder, never null")
                        .hasMessageContaining("the factory method create()"));
        assertThat(thrown(run(AddressOrderGallery.IsMadeWithAnException.class).failed()))
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure).hasMessageContaining("no way to make one"));
    }
}
