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
 * What dnsjava's validator asks for messages. Its answers never fail: what could not be had is SERVFAIL, which the validator takes for
 * bogus. A future that fails it can take for "nothing is known", and what nothing is known of can pass for insecure.
 *
 * <p>The validator hands on the executor that it was called with: so a message is known to belong to a {@link ProofSearch}.
 */
final class FailClosedHead implements Resolver {

    @Override
    public CompletionStage<Message> sendAsync(Message query, Executor executor) {
        return executor instanceof ProofSearch search
                ? search.fetch(query)
                : CompletableFuture.completedFuture(serverFailure(query));
    }

    static Message serverFailure(Message query) {
        Message failure = reply(query);
        failure.getHeader().setRcode(Rcode.SERVFAIL);
        return failure;
    }

    /** An answer to the question, with nothing in it. */
    static Message reply(Message query) {
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.addRecord(query.getQuestion(), Section.QUESTION);
        return reply;
    }

    // What follows is the business of Nameservers, which always sends DO and CD, and asks over TCP what was truncated.

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
