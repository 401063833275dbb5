// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.postroad.tck.catalogue.Catalogue;
import org.postroad.tck.catalogue.Row;

/** Implementations that break the contract. */
final class MailDnsGallery {

    static final Gallery GALLERY = new Gallery(
            MailDnsTck.class,
            List.of(
                    caughtBy(
                            MailDnsAnswersGallery.TakesTheFirstRecordOnly.class,
                            "DNS-01",
                            "DNS-20",
                            "DNS-26",
                            "DNS-29",
                            "DNS-30"),
                    caughtBy(
                            MailDnsAnswersGallery.TakesNoSuchNameForNoData.class,
                            "DNS-02",
                            "DNS-06",
                            "DNS-24",
                            "DNS-31",
                            "DNS-35",
                            "DNS-48"),
                    caughtBy(MailDnsAnswersGallery.TakesAnAliasToNoNameForNoData.class, "DNS-06"),
                    caughtBy(
                            MailDnsAnswersGallery.DoesNotAskFurtherForAliases.class,
                            "DNS-04",
                            "DNS-06",
                            "DNS-07",
                            "DNS-10",
                            "DNS-33",
                            "DNS-34",
                            "DNS-36",
                            "DNS-37"),
                    caughtBy(MailDnsAnswersGallery.DoesNotKnowDname.class, "DNS-05"),
                    caughtBy(
                            MailDnsAliasGallery.FollowsTheAliasThatWasAskedFor.class,
                            "DNS-48",
                            "DNS-49",
                            "DNS-52",
                            "DNS-54"),
                    caughtBy(MailDnsAliasGallery.DoesNotFindTheAliasMadeOfADname.class, "DNS-54"),
                    caughtBy(MailDnsAliasGallery.LeavesOutTheFirstAlias.class, "DNS-52"),
                    caughtBy(MailDnsAliasGallery.LeavesOutTheAliasToNoName.class, "DNS-52"),
                    caughtBy(MailDnsAliasGallery.GivesAliasesTheSecurityOfTheAnswer.class, "DNS-53"),
                    caughtBy(MailDnsAliasGallery.BelievesEveryAlias.class, "DNS-53"),
                    caughtBy(MailDnsAliasGallery.TakesTheSecurityOfTheTarget.class, "DNS-49"),
                    caughtBy(MailDnsAliasGallery.DoesNotKnowNamesOfAddresses.class, "DNS-50"),
                    caughtBy(MailDnsAnswersGallery.FollowsAliasesWithoutLimit.class, "DNS-07", "DNS-08", "DNS-37"),
                    caughtBy(MailDnsAnswersGallery.LooksForLoopsOnly.class, "DNS-07", "DNS-08"),
                    caughtBy(
                            MailDnsAnswersGallery.TakesServerFailureForNoData.class,
                            "DNS-10",
                            "DNS-37",
                            "DNS-38",
                            "DNS-48"),
                    caughtBy(
                            MailDnsAnswersGallery.ThrowsForServerFailure.class,
                            "DNS-10",
                            "DNS-37",
                            "DNS-38",
                            "DNS-39",
                            "DNS-48"),
                    caughtBy(MailDnsAnswersGallery.TakesRefusedForNoSuchName.class, "DNS-11", "DNS-12", "DNS-37"),
                    caughtBy(MailDnsAnswersGallery.TakesLameForNoData.class, "DNS-09", "DNS-37"),
                    caughtBy(
                            MailDnsAnswersGallery.TakesSilenceForNoData.class,
                            "DNS-14",
                            "DNS-15",
                            "DNS-16",
                            "DNS-17",
                            "DNS-21",
                            "DNS-37",
                            "DNS-41",
                            "DNS-42"),
                    caughtBy(MailDnsAnswersGallery.NamesEveryFailureTimeout.class, "DNS-37"),
                    caughtBy(MailDnsAnswersGallery.TakesForeignRecords.class, "DNS-19"),
                    caughtBy(MailDnsAnswersGallery.LeavesOutTheRoot.class, "DNS-26"),
                    caughtBy(MailDnsAnswersGallery.MakesMappedAddressesIpv4.class, "DNS-27"),
                    caughtBy(MailDnsAnswersGallery.DoesNotLookAtThePrefix.class, "DNS-28"),
                    caughtBy(MailDnsAnswersGallery.SwapsTlsaFields.class, "DNS-29"),
                    caughtBy(MailDnsAnswersGallery.JoinsTextWithBlanks.class, "DNS-30"),
                    caughtBy(MailDnsAnswersGallery.TakesTheFirstStringOnly.class, "DNS-30"),
                    caughtBy(MailDnsAnswersGallery.BelievesEveryAnswer.class, "DNS-34", "DNS-49", "DNS-53"),
                    caughtBy(MailDnsAnswersGallery.BelievesWhoSpokeFirst.class, "DNS-34"),
                    caughtBy(MailDnsAnswersGallery.BelievesNobody.class, "DNS-33", "DNS-49"),
                    caughtBy(MailDnsWireGallery.TakesTruncatedAnswers.class, "DNS-20", "DNS-21", "DNS-41"),
                    caughtBy(MailDnsWireGallery.TakesDeadTcpForNoData.class, "DNS-21", "DNS-41"),
                    caughtBy(MailDnsWireGallery.NeverUsesTcp.class, "DNS-20"),
                    caughtBy(MailDnsWireGallery.DoesNotLookAtTheId.class, "DNS-15"),
                    caughtBy(MailDnsWireGallery.DoesNotLookAtTheQuestion.class, "DNS-16", "DNS-37"),
                    caughtBy(MailDnsWireGallery.TakesGarbageForNoData.class, "DNS-17"),
                    caughtBy(MailDnsWireGallery.ReadsBeyondTheEnd.class, "DNS-18", "DNS-37"),
                    caughtBy(MailDnsWireGallery.RefusesWhatStandsBesideAnAnswer.class, "DNS-51"),
                    caughtBy(MailDnsWireGallery.SpeaksIpv4Only.class, "DNS-25"),
                    caughtBy(MailDnsWireGallery.IgnoresTheInterrupt.class, "DNS-40"),
                    caughtBy(MailDnsWireGallery.KeepsEdns.class, "DNS-13"),
                    caughtBy(MailDnsWireGallery.AsksTheFirstServerOnly.class, "DNS-22", "DNS-23"),
                    caughtBy(MailDnsWireGallery.AsksTheNextServerAfterSilenceOnly.class, "DNS-23"),
                    caughtBy(MailDnsWireGallery.AsksOnUntilSomebodyHasRecords.class, "DNS-24"),
                    new Broken(MailDnsLifeGallery.AnswersNull.class, everything()),
                    caughtBy(MailDnsLifeGallery.AppendsItsOwnDomain.class, "DNS-35"),
                    caughtBy(MailDnsLifeGallery.NamesWhatWasAskedFor.class, "DNS-36"),
                    caughtBy(
                            MailDnsLifeGallery.ForgetsWhyThereWasNothing.class,
                            "DNS-03",
                            "DNS-06",
                            "DNS-19",
                            "DNS-24",
                            "DNS-28",
                            "DNS-38",
                            "DNS-48",
                            "DNS-52"),
                    caughtBy(MailDnsLifeGallery.ShowsTheTtlOfOld.class, "DNS-32"),
                    caughtBy(MailDnsLifeGallery.KeepsForTooLong.class, "DNS-32"),
                    caughtBy(MailDnsLifeGallery.ShowsTheTtlOfTheRecordAlone.class, "DNS-31"),
                    caughtBy(MailDnsLifeGallery.AsksAfterTheDeadline.class, "DNS-42"),
                    caughtBy(MailDnsLifeGallery.ForgetsTheDeadlineOverTcp.class, "DNS-21", "DNS-41"),
                    caughtBy(MailDnsLifeGallery.AsksOneQuestionAtATime.class, "DNS-43"),
                    caughtBy(MailDnsLifeGallery.MixesAnswersUp.class, "DNS-43"),
                    caughtBy(MailDnsLifeGallery.WorksAfterClosing.class, "DNS-44"),
                    caughtBy(MailDnsLifeGallery.CannotBeClosedTwice.class, "DNS-44", "DNS-45", "DNS-46", "DNS-47"),
                    caughtBy(MailDnsLifeGallery.LetsOpenQuestionsWait.class, "DNS-45"),
                    caughtBy(MailDnsLifeGallery.LeavesAThreadBehind.class, "DNS-46"),
                    caughtBy(MailDnsLifeGallery.LeavesASocketBehind.class, "DNS-47"),
                    caughtBy(MailDnsLifeGallery.LeavesAConnectionBehind.class, "DNS-47"),
                    new Broken(MailDnsLifeGallery.IsNotMade.class, everything()),
                    new Broken(MailDnsLifeGallery.IsMadeWithAnException.class, everything())));

    private MailDnsGallery() {}

    private static Set<String> everything() {
        return Catalogue.CURRENT.rowsOf(MailDnsTck.class.getSimpleName()).stream()
                .map(Row::id)
                .collect(Collectors.toSet());
    }
}
