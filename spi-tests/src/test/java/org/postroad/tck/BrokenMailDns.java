// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.time.Duration;
import java.util.Set;
import org.postroad.tck.catalogue.Feature;

/** What all broken ones have in common: they claim everything, and are asked in a hurry. */
abstract class BrokenMailDns extends MailDnsTck {

    @Override
    protected Set<Feature> features() {
        return ReferenceMailDnsTest.FEATURES;
    }

    @Override
    protected Duration silence() {
        return Duration.ofMillis(25);
    }
}
