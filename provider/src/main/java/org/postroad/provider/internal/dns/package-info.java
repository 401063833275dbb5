// SPDX-License-Identifier: Apache-2.0
/**
 * DNS: one question in, one of four outcomes out, never merged (LOOKUP).
 *
 * <p>The way of a question:
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.dns.Idna}: a domain as people write it becomes a host name of A-labels (RFC 5890,
 *       UTS 46). This happens once, where the recipient is read.
 *   <li>{@link org.postroad.provider.internal.dns.CachingMailDns}, around any {@link org.postroad.spi.MailDns}: the cache, one
 *       question in flight where several threads ask the same, the limit on questions in flight, and the check that the answer
 *       keeps the contract.
 *   <li>{@link org.postroad.provider.internal.dns.DnsjavaMailDns}, the built-in implementation: follows aliases from message to
 *       message, up to a limit, and turns what was read into values.
 *   <li>{@code Validation}, where trust anchors are configured: proves what the servers say, or proves that it is insecure, with dnsjava's
 *       validator; a {@code ProofSearch} for each message asks for what the proof needs, through {@code FailClosedHead}, and
 *       {@code Evidence} of it is what the validator sees. Without trust anchors the next step is asked directly.
 *   <li>{@code Nameservers}: which servers are asked. They are configured, or those of {@code ResolvConf}; {@code AdTrust} decides whose
 *       AD bit counts, and leaves out those that must not answer for them. Each message is a {@code ServerInquiry}: which server next, and
 *       for how long, says {@code TryOrder}; what a server that calls little secure may say, {@code InsecureClaims}.
 *   <li>{@code DnsExchange}: octets over UDP and TCP. Its sockets belong to one question each, and stay open until that is answered
 *       ({@code PendingTries}).
 *   <li>{@code QueryForms}: with EDNS and the AD bit, or without, where a server does not understand them.
 *   <li>{@code AnswerParser}: octets become records, one by one, and no more than the limits allow: the only reader of what servers send.
 *   <li>{@code MessageReader}: what one message says; the one place where messages become outcomes.
 *   <li>{@code Records}: dnsjava's records become ours.
 * </ol>
 *
 * <p>What this room never does: it appends no search path and reads no hosts file (LOOKUP-01), asks for no parent domain
 * (LOOKUP-09), calls nothing "no data" that was a failure, believes no AD bit of a server that it has no reason to trust
 * (RFC 6840 §5.8), and asks no server that nobody named, but that of this host where resolv.conf names none: failures say so.
 *
 * <p>dnsjava makes the questions, reads the data of single records, and validates. It gets nothing that {@code AnswerParser} did not count:
 * its {@code Message.normalize} and {@code RRset} take time quadratic in the records of a set. So the validator's input is limited once more
 * by {@code Evidence}, and its work by {@code ProofSearch}. Its {@code Lookup}, {@code LookupSession} and {@code SimpleResolver} are not used:
 * they tell a lame referral from "no data" in no way, hide the AD bit, and start a static thread that pins the class loader. Only
 * packages that its module exports are used.
 *
 * <p>RFC 1035 §4 (messages), RFC 2308 (negative answers), RFC 4035 §5 (validation), RFC 6891 (EDNS), RFC 7766 (TCP), RFC 8914
 * (extended errors).
 *
 * <p>Threads: none of its own. Every method blocks its caller up to the deadline, ends at once when interrupted, and may be
 * called by many threads. No lock is held over IO. The validator does some of its arithmetic on the common pool, but no IO.
 */
@NullMarked
package org.postroad.provider.internal.dns;

import org.jspecify.annotations.NullMarked;
