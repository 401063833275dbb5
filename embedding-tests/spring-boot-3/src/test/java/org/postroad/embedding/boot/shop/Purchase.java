// SPDX-License-Identifier: Apache-2.0
package org.postroad.embedding.boot.shop;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** An entity of the application. */
@Entity
class Purchase {

    @Id
    int id;

    Purchase() {}

    Purchase(int id) {
        this.id = id;
    }
}
