// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parsing of the TXT record (RFC 8461 §3.1). */
class StsRecordTest {

    private static final String LONGEST_ID = "0123456789abcdefghijABCDEFGHIJxy";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=STSv1; id=20160831085700Z;",
                "v=STSv1;id=20160831085700Z",
                "v=STSv1; \t id=20160831085700Z \t ; ",
                "v=STSv1; a=b; id=20160831085700Z; x-y_z.1=!<>~",
                "v=STSv1; id=20160831085700Z; ID=other",
                "v=STSv1; id=20160831085700Z; id=other",
                "v=STSv1; v=STSv2; id=20160831085700Z"
            })
    void sts_theRecordHasAnId(String text) {
        assertThat(StsRecord.parse(List.of(text))).contains(new StsRecord("20160831085700Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v=STSv1",
                "v=STSv1;",
                "v=STSv1; id=",
                "v=STSv1; id=a-b",
                "v=STSv1; id=\u00e4",
                "v=STSv1; id=a b",
                "v=STSv1; id =a",
                "v=STSv1; id= a",
                "v=STSv1; ID=a",
                "v=STSv1; id=" + LONGEST_ID + "z",
                "v=STSv1; id=-; id=a",
                "v=STSv1; id=a;; x=y",
                "v=STSv1;; id=a",
                "v=STSv1; id=a; no field",
                "v=STSv1; id=a; x=",
                "v=STSv1; id=a; x=y=z",
                "v=STSv1; id=a; -x=y",
                "v=STSv1; id=a; abcdefghijabcdefghijabcdefghijabc=y",
                "v=STSv2; id=a",
                "V=STSv1; id=a",
                "v=stsv1; id=a",
                "v=STSv1 ; id=a",
                " v=STSv1; id=a",
                "id=a; v=STSv1;"
            })
    void sts_aMalformedRecordAnnouncesNothing(String text) {
        assertThat(StsRecord.parse(List.of(text))).isEmpty();
    }

    @Test
    void sts_theIdHasOneToThirtyTwoCharacters() {
        assertThat(StsRecord.parse(List.of("v=STSv1; id=a"))).contains(new StsRecord("a"));
        assertThat(StsRecord.parse(List.of("v=STSv1; id=" + LONGEST_ID))).contains(new StsRecord(LONGEST_ID));
        assertThat(LONGEST_ID).hasSize(32);
    }

    @Test
    void sts_recordsOfSomethingElseDoNotCount() {
        assertThat(StsRecord.parse(List.of("v=spf1 -all", "v=STSv1; id=a", "v=STSv11; id=b", "v=STSv1")))
                .contains(new StsRecord("a"));
        assertThat(StsRecord.parse(List.of())).isEmpty();
    }

    @Test
    void sts_twoRecordsAnnounceNothingEvenIfOneIsMalformed() {
        assertThat(StsRecord.parse(List.of("v=STSv1; id=a", "v=STSv1; id=b"))).isEmpty();
        assertThat(StsRecord.parse(List.of("v=STSv1; id=a", "v=STSv1; id=-"))).isEmpty();
    }

    /** A regular expression for the delimiter would take quadratic time. */
    @Test
    void sts_muchWhiteSpaceTakesNoTime() {
        String much = " ".repeat(60_000);
        assertThat(StsRecord.parse(List.of("v=STSv1;" + much + "id=a" + much + ";" + much)))
                .contains(new StsRecord("a"));
    }
}
