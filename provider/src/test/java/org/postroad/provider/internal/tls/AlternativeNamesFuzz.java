// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import static org.postroad.provider.fuzz.Fuzzing.check;
import static org.postroad.provider.fuzz.Fuzzing.checkNoControl;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.postroad.provider.fuzz.Fuzzing;

/** Parses arbitrary subjectAltName extensions. */
class AlternativeNamesFuzz {

    @FuzzTest
    void names(byte[] input) {
        AlternativeNames names = AlternativeNames.read(input);
        names.dnsNames().forEach(Fuzzing::checkNoControl);
        int all = names.dnsNames().size() + names.addresses().size();
        check(all <= AlternativeNames.MAX_ENTRIES && 2 * all <= input.length, () -> all + " names");
        names.addresses().forEach(address -> checkNoControl(address.toString()));
    }
}
