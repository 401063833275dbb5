// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.webapp;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Properties;

/** Sends a message to two domains, by the protocol in the query string, with the properties in the servlet context. */
public final class SendingServlet extends HttpServlet {

    /** The attribute of the servlet context with the properties. */
    public static final String PROPERTIES = "mail";

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Properties properties = new Properties();
        properties.putAll((Properties) getServletContext().getAttribute(PROPERTIES));
        properties.setProperty("mail.transport.protocol.rfc822", request.getQueryString());
        try {
            MimeMessage message = new MimeMessage(Session.getInstance(properties));
            message.setFrom(new InternetAddress("me@client.test"));
            message.addRecipient(Message.RecipientType.TO, new InternetAddress("a@v4.test"));
            message.addRecipient(Message.RecipientType.TO, new InternetAddress("b@v6.test"));
            message.setSubject("Hello");
            message.setText("from a web application\n");
            Transport.send(message);
            response.getWriter().print("sent");
        } catch (MessagingException e) {
            response.getWriter().print(e);
        }
    }
}
