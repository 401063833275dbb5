// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import static org.postroad.provider.fuzz.Fuzzing.check;
import static org.postroad.provider.fuzz.Fuzzing.checkNoControl;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import org.postroad.api.Mailbox;
import org.postroad.provider.fuzz.Fuzzing;
import org.postroad.provider.internal.https.HttpsRequest;

/** Any TXT records where the record is expected. */
class TlsRptRecordFuzz {

    @FuzzTest
    void records(byte[] input) {
        Fuzzing.linear(input, () -> checkRecords(input));
    }

    private void checkRecords(byte[] input) {
        TlsRptRecord record = TlsRptRecord.parse(Fuzzing.text(input).lines().toList());
        int all = record.mailboxes().size()
                + record.uploads().size()
                + record.others().size();
        check(all <= TlsRptRecord.MAX_ADDRESSES, () -> all + " addresses");
        record.others().forEach(Fuzzing::checkNoControl);
        record.uploads().forEach(upload -> {
            checkNoControl(upload.toString());
            check(upload.port() == HttpsRequest.PORT, () -> upload + " is on another port");
            check(URI.create(upload.toString()).getHost() != null, () -> upload + " has no host when read again");
        });
        for (Mailbox mailbox : record.mailboxes()) {
            checkNoControl(mailbox.toString());
            check(
                    Mailbox.parse(mailbox.toString()).equals(mailbox),
                    () -> mailbox + " is something else when read again");
        }
    }
}
