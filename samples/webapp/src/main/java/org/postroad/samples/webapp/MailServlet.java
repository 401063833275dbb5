// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.webapp;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * Sends a message: {@code POST /mail?session=queue&to=a@one.example&to=b@two.example&subject=Hello&end=commit}. It contains nothing about
 * Postroad. The parameters are:
 *
 * <ul>
 *   <li>{@code session}: {@code mx} or {@code queue}, the mail session of the server
 *   <li>{@code to}: a recipient, any number of times
 *   <li>{@code end}: {@code commit} or {@code rollback}. The message is sent in a transaction that ends like this. Without the parameter there
 *       is no transaction
 *   <li>{@code call}: {@code transport} for {@code Session.getTransport()} instead of {@code Transport.send}, which ignores the settings of the
 *       session in TomEE
 * </ul>
 */
@WebServlet("/mail")
public final class MailServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    /** What is done, perhaps in a transaction. */
    @FunctionalInterface
    interface Work {
        void run() throws MessagingException, NamingException;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        try {
            response.getWriter().println(answer(request));
        } catch (MessagingException | NamingException e) {
            response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            response.getWriter().println(e);
        }
    }

    private static String answer(HttpServletRequest request) throws MessagingException, NamingException {
        Work work = () -> send(request);
        String end = request.getParameter("end");
        if (end == null) {
            work.run();
            return "sent";
        }
        boolean commit = end.equals("commit");
        InTransaction.run(work, commit);
        return commit ? "sent and committed" : "sent and rolled back";
    }

    private static void send(HttpServletRequest request) throws MessagingException, NamingException {
        Session session = find("java:comp/env/mail/" + request.getParameter("session"), Session.class);
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress("webapp@client.test"));
        for (String recipient : request.getParameterValues("to")) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        }
        message.setSubject(request.getParameter("subject"));
        message.setText("From a web application.\n");
        if (request.getParameter("call") == null) {
            Transport.send(message);
            return;
        }
        message.saveChanges();
        try (Transport transport = session.getTransport()) {
            transport.connect();
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    @SuppressWarnings("BanJNDI") // the servlet and the session that the client names are below java:comp
    static <T> T find(String name, Class<T> type) throws NamingException {
        return type.cast(new InitialContext().lookup(name));
    }
}
