// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Which octets answer a query (RFC 5452 §9.1). The exchange over sockets is tested with {@link DnsjavaMailDns}. */
class AnswerMatchTest {

    /**
     * RFC 1035 §4.1.1: one bit for response, four for the operation, AA, TC, RD. An UPDATE has records without data, which a query never
     * has.
     */
    @ParameterizedTest
    @CsvSource({
        "1 0000 001, true",
        "1 0000 101, true",
        "0 0000 001, false",
        "1 0001 001, false",
        "1 0010 001, false",
        "1 0101 001, false",
        "1 1111 001, false"
    })
    void LOOKUP_02_onlyAResponseToAQueryIsAnAnswer(String flags, boolean answer) throws Exception {
        byte[] question = Message.newQuery(Record.newRecord(Name.fromString("mx.example."), Type.A, DClass.IN))
                .toWire();
        byte[] said = question.clone();
        said[2] = (byte) Integer.parseInt(flags.replace(" ", ""), 2);
        assertThat(AnswerMatch.isAnswer(question, said)).isEqualTo(answer);
    }
}
