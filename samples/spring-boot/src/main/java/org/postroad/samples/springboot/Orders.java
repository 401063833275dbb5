// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.springboot;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Stores orders and confirms them by mail: both or neither. */
@Service
class Orders {

    private final JdbcTemplate database;
    private final JavaMailSender mail;

    Orders(JdbcTemplate database, JavaMailSender mail) {
        this.database = database;
        this.mail = mail;
    }

    /**
     * Places an order.
     *
     * @param paid whether it will be paid for, which is known only at the end
     */
    @Transactional
    public void place(String item, boolean paid) {
        database.update("INSERT INTO orders (item) VALUES (?)", item);
        SimpleMailMessage confirmation = new SimpleMailMessage();
        confirmation.setFrom("orders@shop.test");
        confirmation.setTo("customer@example.test", "archive@shop.test");
        confirmation.setSubject("Your order: " + item);
        confirmation.setText("Thank you. It will be with you soon.\n");
        mail.send(confirmation); // part of the transaction
        if (!paid) {
            throw new IllegalStateException("The payment for the " + item + " was refused");
        }
    }

    /** Returns the items in the database. */
    List<String> items() {
        return database.queryForList("SELECT item FROM orders ORDER BY item", String.class);
    }
}
