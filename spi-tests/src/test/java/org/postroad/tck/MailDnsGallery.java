// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import java.util.List;

/** Implementations that break their contract. */
final class MailDnsGallery {

    static final Gallery GALLERY = new Gallery(
            MailDnsTck.class,
            List.of(
                    caughtBy(MailDnsAnswersGallery.TakesTheFirstRecordOnly.class),
                    caughtBy(MailDnsAnswersGallery.TakesNoSuchNameForNoData.class),
                    caughtBy(MailDnsAnswersGallery.TakesAnAliasToNoNameForNoData.class),
                    caughtBy(MailDnsAnswersGallery.DoesNotAskFurtherForAliases.class),
                    caughtBy(MailDnsAnswersGallery.DoesNotKnowDname.class),
                    caughtBy(MailDnsAnswersGallery.FollowsAliasesWithoutLimit.class),
                    caughtBy(MailDnsAnswersGallery.LooksForLoopsOnly.class),
                    caughtBy(MailDnsAnswersGallery.TakesServerFailureForNoData.class),
                    caughtBy(MailDnsAnswersGallery.ThrowsForServerFailure.class),
                    caughtBy(MailDnsAnswersGallery.TakesRefusedForNoSuchName.class),
                    caughtBy(MailDnsAnswersGallery.TakesLameForNoData.class),
                    caughtBy(MailDnsAnswersGallery.TakesSilenceForNoData.class),
                    caughtBy(MailDnsAnswersGallery.NamesEveryFailureTimeout.class),
                    caughtBy(MailDnsAnswersGallery.TakesForeignRecords.class),
                    caughtBy(MailDnsAnswersGallery.LeavesOutTheRoot.class),
                    caughtBy(MailDnsAnswersGallery.MakesMappedAddressesIpv4.class),
                    caughtBy(MailDnsAnswersGallery.DoesNotLookAtThePrefix.class),
                    caughtBy(MailDnsAnswersGallery.SwapsTlsaFields.class),
                    caughtBy(MailDnsAnswersGallery.JoinsTextWithBlanks.class),
                    caughtBy(MailDnsAnswersGallery.TakesTheFirstStringOnly.class),
                    caughtBy(MailDnsAnswersGallery.BelievesEveryAnswer.class),
                    caughtBy(MailDnsAnswersGallery.BelievesWhoSpokeFirst.class),
                    caughtBy(MailDnsAnswersGallery.BelievesNobody.class),
                    caughtBy(MailDnsWireGallery.TakesTruncatedAnswers.class),
                    caughtBy(MailDnsWireGallery.TakesDeadTcpForNoData.class),
                    caughtBy(MailDnsWireGallery.NeverUsesTcp.class),
                    caughtBy(MailDnsWireGallery.DoesNotLookAtTheId.class),
                    caughtBy(MailDnsWireGallery.DoesNotLookAtTheQuestion.class),
                    caughtBy(MailDnsWireGallery.TakesGarbageForNoData.class),
                    caughtBy(MailDnsWireGallery.ReadsBeyondTheEnd.class),
                    caughtBy(MailDnsWireGallery.SpeaksIpv4Only.class),
                    caughtBy(MailDnsWireGallery.IgnoresTheInterrupt.class),
                    caughtBy(MailDnsWireGallery.KeepsEdns.class),
                    caughtBy(MailDnsWireGallery.AsksTheFirstServerOnly.class),
                    caughtBy(MailDnsWireGallery.AsksTheNextServerAfterSilenceOnly.class),
                    caughtBy(MailDnsWireGallery.AsksOnUntilSomebodyHasRecords.class),
                    caughtBy(MailDnsLifeGallery.AnswersNull.class),
                    caughtBy(MailDnsLifeGallery.AppendsItsOwnDomain.class),
                    caughtBy(MailDnsLifeGallery.NamesWhatWasAskedFor.class),
                    caughtBy(MailDnsLifeGallery.ForgetsWhyThereWasNothing.class),
                    caughtBy(MailDnsLifeGallery.ShowsTheTtlOfOld.class),
                    caughtBy(MailDnsLifeGallery.KeepsForTooLong.class),
                    caughtBy(MailDnsLifeGallery.ShowsTheTtlOfTheRecordAlone.class),
                    caughtBy(MailDnsLifeGallery.AsksAfterTheDeadline.class),
                    caughtBy(MailDnsLifeGallery.ForgetsTheDeadlineOverTcp.class),
                    caughtBy(MailDnsLifeGallery.AsksOneQuestionAtATime.class),
                    caughtBy(MailDnsLifeGallery.MixesQuestionsUp.class),
                    caughtBy(MailDnsLifeGallery.WorksAfterClosing.class),
                    caughtBy(MailDnsLifeGallery.CannotBeClosedTwice.class),
                    caughtBy(MailDnsLifeGallery.LetsOpenQuestionsWait.class),
                    caughtBy(MailDnsLifeGallery.LeavesAThreadBehind.class),
                    caughtBy(MailDnsLifeGallery.LeavesASocketBehind.class),
                    caughtBy(MailDnsLifeGallery.LeavesAConnectionBehind.class),
                    caughtBy(MailDnsLifeGallery.IsNotMade.class),
                    caughtBy(MailDnsLifeGallery.IsMadeWithAnException.class)));

    private MailDnsGallery() {}
}
