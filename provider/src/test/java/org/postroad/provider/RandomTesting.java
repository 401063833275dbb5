// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A small internet in which things happen by chance, the same for the same seed. */
abstract class RandomTesting extends TransportTesting {

    Random random = new Random();

    /** A seed for each round: as many as the build has time for, or {@code -Dpostroad.random.rounds}. */
    static IntStream seedsOf(int rounds) {
        return IntStream.range(0, Integer.getInteger("postroad.random.rounds", rounds));
    }

    final <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
