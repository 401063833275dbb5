// SPDX-License-Identifier: Apache-2.0
package org.postroad.embedding.boot.shop;

import jakarta.persistence.EntityManager;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;

/** Stores a purchase and runs a step, in one transaction. */
@Component
public class Shop {

    private final JdbcTemplate jdbc;
    private final EntityManager entities;

    Shop(JdbcTemplate jdbc, EntityManager entities) {
        this.jdbc = jdbc;
        this.entities = entities;
    }

    @Transactional
    public void buyByJdbc(int id, Runnable step) {
        jdbc.update("INSERT INTO purchase (id) VALUES (?)", id);
        step.run();
    }

    @Transactional
    public void buyByJpa(int id, Runnable step) {
        entities.persist(new Purchase(id));
        step.run();
    }

    /** The transaction is rolled back without an exception. */
    @Transactional
    public void buyInVain(int id, Runnable step) {
        entities.persist(new Purchase(id));
        TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
        step.run();
    }

    public List<Integer> bought() {
        return jdbc.queryForList("SELECT id FROM purchase ORDER BY id", Integer.class);
    }
}
