// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A small internet with random events, which are the same for the same seed. */
abstract class RandomTesting extends TransportTesting {

    Random random = new Random();

    /** Returns a seed for each round: the default number, or {@code -Dpostroad.random.rounds}. */
    static IntStream seedsOf(int rounds) {
        return IntStream.range(0, Integer.getInteger("postroad.random.rounds", rounds));
    }

    final <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
