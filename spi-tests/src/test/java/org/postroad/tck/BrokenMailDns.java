// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.time.Duration;
import java.util.Set;
import org.postroad.tck.catalogue.Feature;

/** Common base of the broken implementations: they declare all features, and have short time limits. */
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
