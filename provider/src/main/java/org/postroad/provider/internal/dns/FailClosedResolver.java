// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;

/**
 * The resolver that dnsjava's validator queries. Its futures never fail: a message that could not be obtained becomes SERVFAIL, which the
 * validator treats as bogus. It could treat a failed future as "nothing known", and then report the answer as insecure.
 *
 * <p>The validator passes on the executor that it was called with. This is how a query finds its {@link MessageSource}.
 */
final class FailClosedResolver implements Resolver {

    /** The executor of one search, which also obtains the messages that the validator needs. */
    interface MessageSource extends Executor {

        /** Returns the future answer, which never fails. */
        CompletionStage<Message> fetch(Message query);
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query, Executor executor) {
        return executor instanceof MessageSource source
                ? source.fetch(query)
                : CompletableFuture.completedFuture(serverFailure(query));
    }

    static Message serverFailure(Message query) {
        Message failure = reply(query);
        failure.getHeader().setRcode(Rcode.SERVFAIL);
        return failure;
    }

    /** Returns an empty answer to the query. */
    static Message reply(Message query) {
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.addRecord(query.getQuestion(), Section.QUESTION);
        return reply;
    }

    // The options below have no effect: Nameservers always sets DO and CD, and repeats truncated queries over TCP.

    @Override
    public void setPort(int port) {}

    @Override
    public void setTCP(boolean flag) {}

    @Override
    public void setIgnoreTruncation(boolean flag) {}

    @Override
    public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {}

    @Override
    public void setTSIGKey(TSIG key) {}

    @Override
    public void setTimeout(Duration timeout) {}
}
