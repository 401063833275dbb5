// SPDX-License-Identifier: Apache-2.0
/**
 * DNS client: every query has one of four outcomes, which are never merged (LOOKUP).
 *
 * <p>The stages of a query:
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.dns.Idna}: converts a domain as users write it to a host name of A-labels (RFC 5890, UTS 46).
 *       This happens once, when the recipient is read.
 *   <li>{@link org.postroad.provider.internal.dns.CachingMailDns}, around any {@link org.postroad.spi.MailDns}: the cache, sharing of
 *       concurrent equal queries, the limit on queries in flight, and the check of the answer against the contract. For example, an alias
 *       that was queried itself must not be followed, since the security reported would not be its own.
 *   <li>{@link org.postroad.provider.internal.dns.DnsjavaMailDns}, the built-in implementation: follows aliases from message to message, up
 *       to a limit, and converts the result to values.
 *   <li>{@code Validation}, if trust anchors are configured: uses dnsjava's validator to prove that an answer is authentic or insecure. For
 *       each message a {@code ProofSearch} queries what the proof needs, through {@code FailClosedResolver}; the validator receives the
 *       {@code ValidatorInput} of the answers. Without trust anchors, the next stage is called directly.
 *   <li>{@code Nameservers}: decides which servers are queried. They are configured, or come from {@code ResolvConf}. {@code AdTrust}
 *       decides whose AD bit counts, and excludes servers that must not answer in their place. Each message is a {@code ServerInquiry}.
 *       {@code TryOrder} decides which server is next, and for how long; {@code QueryForms}, whether EDNS and the AD bit are used;
 *       {@code InsecureClaims}, whether an answer without the AD bit is accepted.
 *   <li>{@code DnsExchange}: sends and receives octets over UDP and TCP. Each socket belongs to one query, and stays open until the query
 *       is answered ({@code PendingTries}).
 *   <li>{@code AnswerParser}: parses octets into records, one by one and within limits. It is the only parser of what servers send.
 *   <li>{@code MessageReader}: interprets one message. It is the only place where messages become outcomes.
 *   <li>{@code Data}: converts dnsjava's records to our own types.
 * </ol>
 *
 * <p>Never here: this package appends no search path and reads no hosts file (LOOKUP-01), queries no parent domain (LOOKUP-09), and never
 * reports a failure as "no data". It trusts no AD bit without a reason (RFC 6840 §5.8). It queries only configured servers; the one on this
 * host is queried if resolv.conf names none, and the failure text then mentions it.
 *
 * <p>dnsjava creates the queries, parses the data of single records, and validates. It receives only records that {@code AnswerParser} has
 * counted, because its {@code Message.normalize} and {@code RRset} take time quadratic in the records of a set. {@code ValidatorInput}
 * limits the validator's input further, and {@code ProofSearch} limits its work. dnsjava's {@code Lookup}, {@code LookupSession} and
 * {@code SimpleResolver} are not used: they do not distinguish a lame referral from "no data", hide the AD bit, and start a static thread
 * that pins the class loader. Only packages exported by its module are used.
 *
 * <p>RFC 1035 §4 (messages), RFC 2308 (negative answers), RFC 4035 §5 (validation), RFC 6891 (EDNS), RFC 7766 (TCP), RFC 8914 (extended
 * errors).
 *
 * <p>Threads: the package has none of its own. Every method blocks its caller up to the deadline, returns immediately when interrupted, and
 * is thread-safe. No lock is held during IO. The validator does some of its arithmetic on the common pool, but no IO.
 */
@NullMarked
package org.postroad.provider.internal.dns;

import org.jspecify.annotations.NullMarked;
