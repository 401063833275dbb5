// SPDX-License-Identifier: Apache-2.0
/**
 * Jakarta Mail transports that deliver straight to the mail exchangers of the recipients: {@code mx} sends directly, {@code mxqueue}
 * sends from a durable queue.
 *
 * <p>An application sets {@code mail.transport.protocol=mx} and {@code mail.transport.protocol.rfc822=mx}, or calls
 * {@link org.postroad.provider.Postroad#install}, and sends as usual. If a recipient is not accepted, the send throws
 * {@link org.postroad.provider.MxSendFailedException}. Its report lists for each recipient every DNS question, every contact and every
 * reply.
 *
 * <p>{@code Transport.send} returns nothing. {@link org.postroad.provider.Postroad#send(jakarta.mail.Message)} does the same and returns a
 * {@link org.postroad.provider.SendResult}: the report of a send that was accepted for all recipients, and with {@code mxqueue} the id of
 * the message in the queue. {@link org.postroad.provider.Postroad#sendAsync(jakarta.mail.Message)} does so on another thread.
 *
 * <p>{@link org.postroad.provider.Postroad#check(jakarta.mail.Session)} says whether a Session can send where it is used, such as in an
 * application server: which class Jakarta Mail uses for internet mail, what is missing, and the remedy.
 *
 * <h2>Settings</h2>
 *
 * <p>Settings are properties of the Session. A value that cannot be read or is out of range makes {@code connect}, and therefore
 * {@code Transport.send}, fail with a {@code MessagingException} that says which setting is wrong and what is allowed; nothing is sent.
 * The settings below {@code mail.mx.queue.} are read by {@code mxqueue} and {@link org.postroad.provider.MailQueue} only. An unknown
 * name under {@code mail.mx.} is logged as a warning, and so is a time-out below one second.
 *
 * <p>The types are:
 *
 * <dl>
 * <dt>duration</dt>
 * <dd>a number and a unit: {@code 250ms}, {@code 30s}, {@code 5m}, {@code 4h}, {@code 5d}. A number without a unit is in milliseconds.
 *     More than 0 and at most 30 days unless the row says otherwise. Also a {@code java.time.Duration} or a whole number of
 *     milliseconds</dd>
 * <dt>number</dt>
 * <dd>a whole number in decimal digits, or a whole-number object</dd>
 * <dt>flag</dt>
 * <dd>{@code true} or {@code false}; also {@code yes} or {@code no}, {@code on} or {@code off}, {@code 1} or {@code 0}; or a
 *     {@code Boolean}</dd>
 * <dt>list</dt>
 * <dd>texts separated by commas or white space; or a {@code Collection} or an array</dd>
 * <dt>word</dt>
 * <dd>one of the listed words, in upper or lower case; or an {@code Enum} of that name</dd>
 * <dt>text</dt>
 * <dd>a text; or an object that clearly stands for one, such as an {@code InetAddress}, a {@code Path} or a {@code URI}; for
 *     {@code mail.mx.from} and {@code mail.mx.tlsrpt.contact} also an {@code InternetAddress}</dd>
 * <dt>implementation</dt>
 * <dd>an object of the type in the Properties themselves (not in their defaults), or the name of a class with a public constructor
 *     without parameters. See "Implementations" below</dd>
 * </dl>
 *
 * <h3>Essential</h3>
 *
 * <table>
 * <caption>Essential settings</caption>
 * <tr><th>Name</th><th>Type</th><th>Default</th><th>Values</th><th>Description</th></tr>
 * <tr id="mail.mx.localhost"><td>{@code mail.mx.localhost}</td>
 *     <td>text</td><td>the canonical name of this host, if it is fully qualified</td><td>a host name</td>
 *     <td>Name sent in EHLO. It should be fully qualified, and reverse DNS of the sending address should lead to it. An impossible name
 *     is an error; a name that servers may refuse (not fully qualified, an underscore, not ASCII) is a warning. Without a usable name
 *     nothing is sent.</td></tr>
 * <tr id="mail.mx.from"><td>{@code mail.mx.from}</td>
 *     <td>text</td><td>the first address of the From header</td><td>a mailbox, or {@code <>}</td>
 *     <td>Reverse-path of every message; {@code <>} is the null sender. An {@code SMTPMessage} of Angus Mail can override it.</td></tr>
 * <tr id="mail.mx.relay"><td>{@code mail.mx.relay}</td>
 *     <td>list</td><td>none</td><td>{@code smtp://user:password@host:587;starttls=required;auth=plain}, {@code smtps://host}</td>
 *     <td>External relays, in the order in which they are tried. A relay is used only for domains whose mail exchangers have no address
 *     in the families of this host, and after failures if {@code mail.mx.relay.fallback} is true. The default port is 25, or 465 for
 *     {@code smtps}. {@code starttls} is {@code required} (the default with credentials or a fingerprint), {@code opportunistic} (the
 *     default otherwise) or {@code never}; {@code auth} is a SASL mechanism; {@code fingerprint} is the SHA-256 of the expected
 *     certificate and replaces the trust store. User and password are percent-encoded and need verified TLS.</td></tr>
 * <tr id="mail.mx.relay.ipv4"><td>{@code mail.mx.relay.ipv4}</td>
 *     <td>list</td><td>{@code mail.mx.relay}</td><td>as for {@code mail.mx.relay}</td>
 *     <td>Relays for destinations with IPv4 addresses; replaces {@code mail.mx.relay} for these.</td></tr>
 * <tr id="mail.mx.relay.ipv6"><td>{@code mail.mx.relay.ipv6}</td>
 *     <td>list</td><td>{@code mail.mx.relay}</td><td>as for {@code mail.mx.relay}</td>
 *     <td>Relays for destinations with IPv6 addresses; replaces {@code mail.mx.relay} for these.</td></tr>
 * </table>
 *
 * <h3>Frequent</h3>
 *
 * <table>
 * <caption>Frequent settings</caption>
 * <tr><th>Name</th><th>Type</th><th>Default</th><th>Values</th><th>Description</th></tr>
 * <tr id="mail.mx.families"><td>{@code mail.mx.families}</td>
 *     <td>word</td><td>{@code auto}</td><td>{@code auto}, {@code ipv4}, {@code ipv6}, {@code both}</td>
 *     <td>IP families in which this host reaches the Internet. {@code auto} asks the operating system for a route and a source address.
 *     A family that is named but does not work costs failed connections.</td></tr>
 * <tr id="mail.mx.addressorder"><td>{@code mail.mx.addressorder}</td>
 *     <td>word or implementation</td><td>{@code rfc6724}</td><td>{@code rfc6724}, {@code ipv6}, {@code ipv4}, {@code random}, or an
 *     {@code org.postroad.spi.AddressOrder}</td>
 *     <td>Order in which the addresses of one mail exchanger are tried. {@code ipv6} and {@code ipv4} put that family first. Never
 *     overrides the preference of the MX records.</td></tr>
 * <tr id="mail.mx.localaddress.ipv4"><td>{@code mail.mx.localaddress.ipv4}</td>
 *     <td>text</td><td>chosen by the operating system</td><td>an IPv4 address of this host</td>
 *     <td>Source address of IPv4 connections. Connections fail if this host does not have it. Not used through a SOCKS proxy.</td></tr>
 * <tr id="mail.mx.localaddress.ipv6"><td>{@code mail.mx.localaddress.ipv6}</td>
 *     <td>text</td><td>chosen by the operating system</td><td>an IPv6 address of this host</td>
 *     <td>Source address of IPv6 connections. Connections fail if this host does not have it. Not used through a SOCKS proxy.</td></tr>
 * <tr id="mail.mx.connectiontimeout"><td>{@code mail.mx.connectiontimeout}</td>
 *     <td>duration</td><td>30s</td><td>1ms to 10m</td>
 *     <td>Time to open a TCP connection to one address. Then the next address is tried.</td></tr>
 * <tr id="mail.mx.timeout"><td>{@code mail.mx.timeout}</td>
 *     <td>duration</td><td>5m</td><td>1ms to 30d</td>
 *     <td>Time to wait for one complete reply, except for the reply to the end of a message. Then the connection is closed and the next
 *     address is tried.</td></tr>
 * <tr id="mail.mx.finaltimeout"><td>{@code mail.mx.finaltimeout}</td>
 *     <td>duration</td><td>10m</td><td>1ms to 30d</td>
 *     <td>Time to wait for the reply to the end of a message, while the server checks and stores it (RFC 5321 §4.5.3.2.6). When it
 *     passes, the message may have been accepted: the recipient is in doubt, and a queue sends again by default. A short time therefore
 *     causes duplicates.</td></tr>
 * <tr id="mail.mx.writetimeout"><td>{@code mail.mx.writetimeout}</td>
 *     <td>duration</td><td>3m</td><td>1ms to 30d</td>
 *     <td>Time for the server to accept one write (at most 40 KiB). Then the connection is closed.</td></tr>
 * <tr id="mail.mx.deadline"><td>{@code mail.mx.deadline}</td>
 *     <td>duration</td><td>15m</td><td>1ms to 30d</td>
 *     <td>Time for a whole send; in a queue, for one attempt at one domain. Recipients that are not settled by then are deferred, or in
 *     doubt if the message may have arrived.</td></tr>
 * <tr id="mail.mx.sendpartial"><td>{@code mail.mx.sendpartial}</td>
 *     <td>flag</td><td>{@code true}</td><td>{@code true}, {@code false}</td>
 *     <td>false: no recipient gets the message unless the servers of all recipients accept them; at most 32 domains in one message. If
 *     a server refuses the message after its end, other servers may have accepted it already. Queued deliveries are always independent:
 *     for {@code mxqueue}, false means that a malformed address keeps the whole message out of the queue, and it applies to the direct
 *     attempt of {@code mail.mx.queue.firstattempt=sync}.</td></tr>
 * <tr id="mail.mx.reportsuccess"><td>{@code mail.mx.reportsuccess}</td>
 *     <td>flag</td><td>{@code false}</td><td>{@code true}, {@code false}</td>
 *     <td>true: the send throws {@code MxSendFailedException} even if all recipients were accepted, with one chained exception for each
 *     address.</td></tr>
 * <tr id="mail.mx.log.addresses"><td>{@code mail.mx.log.addresses}</td>
 *     <td>flag</td><td>{@code false}</td><td>{@code true}, {@code false}</td>
 *     <td>true: the log {@code org.postroad.delivery} has the address of each recipient. false: only the domain.</td></tr>
 * <tr id="mail.mx.dsn.notify"><td>{@code mail.mx.dsn.notify}</td>
 *     <td>list</td><td>not sent: the server decides</td><td>{@code NEVER} alone, or some of {@code SUCCESS}, {@code FAILURE},
 *     {@code DELAY}</td>
 *     <td>When delivery status notifications are requested (NOTIFY, RFC 3461). An {@code SMTPMessage} of Angus Mail can override
 *     it.</td></tr>
 * <tr id="mail.mx.dsn.ret"><td>{@code mail.mx.dsn.ret}</td>
 *     <td>word</td><td>not sent: the server decides</td><td>{@code FULL}, {@code HDRS}</td>
 *     <td>How much of the message a notification returns (RET, RFC 3461): all of it or its header.</td></tr>
 * <tr id="mail.mx.dsn.envid"><td>{@code mail.mx.dsn.envid}</td>
 *     <td>text</td><td>none</td><td>1 to 100 characters of printable ASCII</td>
 *     <td>Envelope identifier that notifications return (ENVID, RFC 3461).</td></tr>
 * <tr id="mail.mx.starttls.enable"><td>{@code mail.mx.starttls.enable}</td>
 *     <td>flag</td><td>{@code true}</td><td>{@code true}, {@code false}</td>
 *     <td>Use STARTTLS with mail exchangers that offer it (RFC 7435). false: never, and TLSA records and MTA-STS policies are ignored;
 *     has no effect if {@code mail.mx.starttls.required} is true.</td></tr>
 * <tr id="mail.mx.starttls.required"><td>{@code mail.mx.starttls.required}</td>
 *     <td>flag</td><td>{@code false}</td><td>{@code true}, {@code false}</td>
 *     <td>true: a mail exchanger without working TLS does not get the message, and the next one is tried.</td></tr>
 * <tr id="mail.mx.tls.fallback"><td>{@code mail.mx.tls.fallback}</td>
 *     <td>flag</td><td>{@code true}</td><td>{@code true}, {@code false}</td>
 *     <td>If TLS is offered but fails, and neither settings nor a published policy require it, send in plaintext to the same address. A
 *     queued message falls back only from its second attempt on.</td></tr>
 * <tr id="mail.mx.dane.enable"><td>{@code mail.mx.dane.enable}</td>
 *     <td>flag</td><td>{@code true}</td><td>{@code true}, {@code false}</td>
 *     <td>Observe the TLSA records of mail exchangers (DANE, RFC 7672). Has an effect only if DNSSEC secures the answers: with a
 *     trusted validating resolver (see {@code mail.mx.dns.trustad} and {@code mail.mx.dns.probe}) or with
 *     {@code mail.mx.dns.validate}.</td></tr>
 * <tr id="mail.mx.mtasts.enable"><td>{@code mail.mx.mtasts.enable}</td>
 *     <td>flag</td><td>{@code true}</td><td>{@code true}, {@code false}</td>
 *     <td>Observe MTA-STS policies (RFC 8461): look up the TXT record of the domain, fetch the policy over HTTPS through the same
 *     connector and source addresses as mail, and keep it for its {@code max_age}.</td></tr>
 * <tr id="mail.mx.requiretls"><td>{@code mail.mx.requiretls}</td>
 *     <td>flag</td><td>{@code false}</td><td>{@code true}, {@code false}</td>
 *     <td>true: send every message with REQUIRETLS (RFC 8689). Only hosts with authenticated TLS that offer REQUIRETLS get it; if the
 *     domain has none, the message fails with 5.7.30. Temporary failures are retried. REQUIRETLS also overrides the header
 *     {@code TLS-Required: No}, by which a message ignores all published TLS policies.</td></tr>
 * </table>
 *
 * <h3>Queue</h3>
 *
 * <p>These apply to {@code mxqueue} only. A queue works with the settings of the Session that opens it first in this process: these and
 * all other {@code mail.mx.} settings. A Session that opens it later with other settings gets a warning that names the settings without
 * effect. The following are taken from the Session of each send instead: {@code mail.mx.from}, {@code mail.mx.sendpartial},
 * {@code mail.mx.reportsuccess}, {@code mail.mx.requiretls}, {@code mail.mx.dsn.notify}, {@code mail.mx.dsn.ret},
 * {@code mail.mx.dsn.envid}, {@code mail.mx.executor} and {@code mail.mx.queue.firstattempt}.
 *
 * <table>
 * <caption>Queue settings</caption>
 * <tr><th>Name</th><th>Type</th><th>Default</th><th>Values</th><th>Description</th></tr>
 * <tr id="mail.mx.queue.url"><td>{@code mail.mx.queue.url}</td>
 *     <td>text</td><td>{@code jdbc:sqlite:}<i>user.home</i>{@code /.postroad/queue.db}</td><td>{@code jdbc:sqlite:} and a path;
 *     {@code ~/} is the home directory</td>
 *     <td>SQLite file of the queue, for one process at a time. A missing file and its directory are created for the user alone. Files
 *     get mode 0600. In a directory that others can write, a file that others can read and a symbolic link are refused. Not together
 *     with {@code mail.mx.queue.datasource}.</td></tr>
 * <tr id="mail.mx.queue.datasource"><td>{@code mail.mx.queue.datasource}</td>
 *     <td>text or object</td><td>none</td><td>a {@code javax.sql.DataSource}, its JNDI name, or {@code cdi} for the CDI bean of that type</td>
 *     <td>Database of the application, instead of a file: PostgreSQL, H2, MariaDB or MySQL. Use a connection pool: each step takes one
 *     connection for a short time, and a second one if connections come with auto-commit off. If the DataSource joins the transaction
 *     of the calling thread (JTA, Spring's {@code TransactionAwareDataSourceProxy}), queued messages and the changes of
 *     {@link org.postroad.provider.MailQueue} are part of that transaction, which is never committed or rolled back here. If this
 *     cannot be determined, nothing is stored, and the exception says what to configure.</td></tr>
 * <tr id="mail.mx.queue.createschema"><td>{@code mail.mx.queue.createschema}</td>
 *     <td>flag</td><td>{@code true}</td><td>{@code true}, {@code false}</td>
 *     <td>Create missing tables and upgrade older ones; stop all processes for an upgrade. false: run {@code schema-*.sql} and
 *     {@code upgrade-*.sql} from the jar by hand, else the queue does not open.</td></tr>
 * <tr id="mail.mx.queue.transactions"><td>{@code mail.mx.queue.transactions}</td>
 *     <td>text or object</td><td>the container's, from JNDI or CDI</td><td>a
 *     {@code jakarta.transaction.TransactionSynchronizationRegistry} or its JNDI name</td>
 *     <td>Reports the commit of a JTA transaction, so that delivery starts right after it. Without it, delivery starts within
 *     {@code mail.mx.queue.poll}. For {@code mail.mx.queue.datasource} only.</td></tr>
 * <tr id="mail.mx.queue.firstattempt"><td>{@code mail.mx.queue.firstattempt}</td>
 *     <td>word</td><td>{@code queue}</td><td>{@code queue}, {@code sync}</td>
 *     <td>{@code sync}: the send first delivers directly, as {@code mx} does, and queues only the recipients that are deferred or in
 *     doubt; permanent failures are reported by the exception. Within a transaction of the caller, messages are only queued, because a
 *     rollback could not undo a direct send.</td></tr>
 * <tr id="mail.mx.queue.schedule"><td>{@code mail.mx.queue.schedule}</td>
 *     <td>list of durations</td><td>5m,10m,20m,40m,1h,2h,4h</td><td>1 to 100 durations of at least 1s</td>
 *     <td>Waiting time after each attempt. The last one is used for all further attempts. Up to 10% is added at random.</td></tr>
 * <tr id="mail.mx.queue.lifetime"><td>{@code mail.mx.queue.lifetime}</td>
 *     <td>duration</td><td>5d</td><td>1ms to 30d</td>
 *     <td>How long delivery is retried. A message expires only after one attempt later than this.</td></tr>
 * <tr id="mail.mx.queue.delaywarning"><td>{@code mail.mx.queue.delaywarning}</td>
 *     <td>duration</td><td>{@code off}</td><td>{@code off}, 1ms to 30d</td>
 *     <td>After this time in the queue the sender gets one notice that the message is delayed. Only with
 *     {@code mail.mx.queue.bounces=sender}.</td></tr>
 * <tr id="mail.mx.queue.indoubt"><td>{@code mail.mx.queue.indoubt}</td>
 *     <td>word</td><td>{@code retry}</td><td>{@code retry}, {@code hold}</td>
 *     <td>What happens to a message that may have been delivered already. {@code retry}: it is sent again and may arrive twice.
 *     {@code hold}: it waits for {@link org.postroad.provider.MailQueue#release}.</td></tr>
 * <tr id="mail.mx.queue.bounces"><td>{@code mail.mx.queue.bounces}</td>
 *     <td>word</td><td>{@code sender}</td><td>{@code sender}, {@code listener}, {@code none}</td>
 *     <td>Recipient of failure reports: the sender, by mail (RFC 3464); the {@code DeliveryListener} of the application; or
 *     no report.</td></tr>
 * <tr id="mail.mx.queue.postmaster"><td>{@code mail.mx.queue.postmaster}</td>
 *     <td>text</td><td>none</td><td>a mailbox</td>
 *     <td>Mailbox that gets a notice if a message from the null sender fails, such as a notice to a sender (double bounce). These
 *     failures are logged and passed to the listener in any case. No notice is sent about mail to this mailbox itself.</td></tr>
 * <tr id="mail.mx.queue.maxsize"><td>{@code mail.mx.queue.maxsize}</td>
 *     <td>number</td><td>104857600</td><td>1 to 2147483647</td>
 *     <td>Largest message, in octets. A larger one is refused with a {@code MessagingException}.</td></tr>
 * <tr id="mail.mx.queue.suppress"><td>{@code mail.mx.queue.suppress}</td>
 *     <td>flag</td><td>{@code false}</td><td>{@code true}, {@code false}</td>
 *     <td>true: remember recipients that a server reports as unknown (5.1.1, 5.1.6), and refuse further mail to them immediately with
 *     5.1.1. false: addresses on the list are not refused.</td></tr>
 * <tr id="mail.mx.queue.concurrency"><td>{@code mail.mx.queue.concurrency}</td>
 *     <td>number</td><td>5</td><td>1 to 1000</td>
 *     <td>Concurrent deliveries to the same set of mail exchangers, whatever domains they serve, in each process.</td></tr>
 * <tr id="mail.mx.queue.rate"><td>{@code mail.mx.queue.rate}</td>
 *     <td>text</td><td>unlimited</td><td>a number from 1 to 999999, {@code /} and a duration, such as {@code 100/1m}</td>
 *     <td>Deliveries to the same set of mail exchangers per time, evenly spread, in each process.</td></tr>
 * <tr id="mail.mx.queue.destinations"><td>{@code mail.mx.queue.destinations}</td>
 *     <td>number</td><td>200</td><td>1 to 10000</td>
 *     <td>Domains served concurrently. Each takes a thread.</td></tr>
 * <tr id="mail.mx.queue.poll"><td>{@code mail.mx.queue.poll}</td>
 *     <td>duration</td><td>5s</td><td>50ms to 30d</td>
 *     <td>Interval at which an idle queue reads its tables. It limits the delay of messages from other processes and of transactions
 *     whose commit is not reported; messages of this process start immediately.</td></tr>
 * <tr id="mail.mx.queue.lease"><td>{@code mail.mx.queue.lease}</td>
 *     <td>duration</td><td>1m</td><td>4s to 30d</td>
 *     <td>A process that has not sent a heartbeat for this long is considered dead; others take over its deliveries. Clocks must agree:
 *     a clock that differs from the database's by more than an eighth of this is logged as a warning; by more than half, the queue is
 *     not opened.</td></tr>
 * <tr id="mail.mx.queue.keep"><td>{@code mail.mx.queue.keep}</td>
 *     <td>duration</td><td>7d</td><td>0, or 1ms to 30d</td>
 *     <td>How long the history has a message after it has left the queue: what became of each recipient, without the content. As long, no
 *     second message with the same key is stored. It is cleaned every ten minutes. 0: no history; messages with keys are refused, and the
 *     history of messages that have left the queue is deleted.</td></tr>
 * <tr id="mail.mx.queue.keeprows"><td>{@code mail.mx.queue.keeprows}</td>
 *     <td>number</td><td>1000000</td><td>1 to 100000000</td>
 *     <td>Maximum number of recipients in the history, each with up to about 1 KiB. If there are more, the oldest messages are deleted,
 *     except for those that are in the queue.</td></tr>
 * <tr id="mail.mx.queue.keepreports"><td>{@code mail.mx.queue.keepreports}</td>
 *     <td>word</td><td>{@code failures}</td><td>{@code all}, {@code failures}, {@code none}</td>
 *     <td>The attempts whose whole reports, with DNS answers, contacts and replies, are kept as long as the history: {@code failures} are
 *     those after which a recipient had not been delivered. Of each delivery, the first report and the latest nine are kept, each with up to
 *     50 recipients and about 1 KiB.</td></tr>
 * <tr id="mail.mx.queue.name"><td>{@code mail.mx.queue.name}</td>
 *     <td>text</td><td>the location</td><td>1 to 64 letters, digits, dots, hyphens and underscores</td>
 *     <td>Name of the queue in JMX: {@code org.postroad:type=MailQueue,name=...}. If two open queues of a JVM have the same name, a number is
 *     appended to the second one, with a warning.</td></tr>
 * <tr id="mail.mx.queue.closetimeout"><td>{@code mail.mx.queue.closetimeout}</td>
 *     <td>duration</td><td>10s</td><td>1ms to 30d</td>
 *     <td>How long running deliveries may take to finish when the queue is closed. Then they are cancelled, and resume when it is next
 *     opened. Keep it below the time that the process gets to stop, such as the 10s of {@code docker stop}.</td></tr>
 * <tr id="mail.mx.queue.shutdownhook"><td>{@code mail.mx.queue.shutdownhook}</td>
 *     <td>flag</td><td>{@code true}</td><td>{@code true}, {@code false}</td>
 *     <td>Close an open queue when the JVM shuts down (as after SIGTERM); the JVM waits for it. A queue opened during shutdown accepts
 *     mail but delivers none. Closing the queue removes the hook, so close it when the application is undeployed. false: the
 *     application must close the queue itself, else deliveries that are running at the end are in doubt.</td></tr>
 * </table>
 *
 * <h3>Rare</h3>
 *
 * <table>
 * <caption>Routing and addresses</caption>
 * <tr><th>Name</th><th>Type</th><th>Default</th><th>Values</th><th>Description</th></tr>
 * <tr id="mail.mx.routes"><td>{@code mail.mx.routes}</td>
 *     <td>text or list</td><td>none</td><td>{@code example.org=[mx.internal]:2525; .example.net=hub.example.com; *=[192.0.2.1]}</td>
 *     <td>Next hops that replace the MX lookup of a domain. In brackets: a host or an address. Without brackets: a name whose mail
 *     exchangers are looked up. The domain itself comes before {@code .parent} (every domain below it), and that before {@code *}. Two
 *     routes for the same pattern are an error.</td></tr>
 * <tr id="mail.mx.relay.attempts"><td>{@code mail.mx.relay.attempts}</td>
 *     <td>number</td><td>1</td><td>1 to 100</td>
 *     <td>How often an unreachable relay is tried in one send, or in one attempt of a queue.</td></tr>
 * <tr id="mail.mx.relay.fallback"><td>{@code mail.mx.relay.fallback}</td>
 *     <td>flag</td><td>{@code false}</td><td>{@code true}, {@code false}</td>
 *     <td>true: use the relay also if all mail exchangers of the domain failed temporarily, for example where port 25 is closed. Never
 *     after a permanent rejection, nor if this host is among the mail exchangers.</td></tr>
 * <tr id="mail.mx.remoteport"><td>{@code mail.mx.remoteport}</td>
 *     <td>number</td><td>25</td><td>1 to 65535</td>
 *     <td>Port of mail exchangers and of routes that name none.</td></tr>
 * <tr id="mail.mx.localnames"><td>{@code mail.mx.localnames}</td>
 *     <td>list</td><td>none</td><td>host names</td>
 *     <td>Further names under which this host may be listed as a mail exchanger, besides {@code mail.mx.localhost}. Needed to avoid
 *     mail loops (RFC 5321 §5.1).</td></tr>
 * <tr id="mail.mx.ownaddresses"><td>{@code mail.mx.ownaddresses}</td>
 *     <td>text</td><td>{@code auto}</td><td>{@code auto}, IP addresses, both, or {@code none}</td>
 *     <td>Addresses under which this host may be listed as a mail exchanger. {@code auto} stands for those of its network interfaces;
 *     add the public address of a host behind address translation. {@code none}: recognized by name only.</td></tr>
 * <tr id="mail.mx.addresses.allow"><td>{@code mail.mx.addresses.allow}</td>
 *     <td>list</td><td>none</td><td>networks such as {@code 10.0.0.0/8} or {@code ::1/128}</td>
 *     <td>Networks to which mail is sent although their addresses are private, loopback or otherwise special. Other special addresses
 *     in DNS are refused.</td></tr>
 * <tr id="mail.mx.nat64.prefix"><td>{@code mail.mx.nat64.prefix}</td>
 *     <td>text</td><td>discovered (RFC 7050)</td><td>an IPv6 prefix of length 32, 40, 48, 56, 64 or 96</td>
 *     <td>NAT64 prefix by which an IPv6-only host reaches IPv4. If it is set, addresses within it are checked by the IPv4 address that
 *     they contain, on every host.</td></tr>
 * <tr id="mail.mx.attemptdelay"><td>{@code mail.mx.attemptdelay}</td>
 *     <td>duration</td><td>250ms</td><td>10ms to 2s, or {@code off}</td>
 *     <td>While an address of a host does not answer, the next one is dialled as well after this time (RFC 8305). The first connection
 *     is used; the others are closed before anything is sent. {@code off}: the next address is dialled only after a failure. Never
 *     applies across hosts.</td></tr>
 * <tr id="mail.mx.maxmx"><td>{@code mail.mx.maxmx}</td>
 *     <td>number</td><td>20</td><td>1 to 1000</td>
 *     <td>Mail exchangers tried for one domain.</td></tr>
 * <tr id="mail.mx.maxaddresses"><td>{@code mail.mx.maxaddresses}</td>
 *     <td>number</td><td>10</td><td>2 to 1000</td>
 *     <td>Addresses tried for one host.</td></tr>
 * </table>
 *
 * <table>
 * <caption>DNS</caption>
 * <tr><th>Name</th><th>Type</th><th>Default</th><th>Values</th><th>Description</th></tr>
 * <tr id="mail.mx.dns.servers"><td>{@code mail.mx.dns.servers}</td>
 *     <td>list</td><td>those of {@code /etc/resolv.conf}</td><td>1 to 8 addresses such as {@code 127.0.0.1:53} or {@code [::1]:53}</td>
 *     <td>DNS servers, in order; the default port is 53. In {@code resolv.conf} the options {@code trust-ad}, {@code use-vc},
 *     {@code rotate}, {@code timeout} and {@code attempts} apply; others that would change something are logged. As in glibc, a file
 *     without {@code nameserver} lines means 127.0.0.1.</td></tr>
 * <tr id="mail.mx.dns.timeout"><td>{@code mail.mx.dns.timeout}</td>
 *     <td>duration</td><td>10s</td><td>1ms to 30d</td>
 *     <td>Time for one question with all its tries and aliases. After at most 2s without an answer the next server is asked as well; a
 *     silent server is asked twice ({@code timeout} and {@code attempts} in {@code resolv.conf} change both). An answer counts whenever
 *     it arrives within this time; after it, the lookup fails temporarily (4.4.3).</td></tr>
 * <tr id="mail.mx.dns.trustad"><td>{@code mail.mx.dns.trustad}</td>
 *     <td>list</td><td>none</td><td>IP addresses</td>
 *     <td>DNS servers whose AD bit is trusted: they validate DNSSEC, and the path to them cannot be attacked. {@code options trust-ad}
 *     in {@code resolv.conf} does the same, except for Docker's 127.0.0.11. If one server is trusted, only trusted servers are
 *     asked.</td></tr>
 * <tr id="mail.mx.dns.probe"><td>{@code mail.mx.dns.probe}</td>
 *     <td>text</td><td>none</td><td>a host name</td>
 *     <td>Name below an unsigned domain, for which only the resolver on this host has a trust anchor that matches nothing; in unbound:
 *     {@code trust-anchor: "validation-probe.example.com. DS 1 8 2 00..."} with 64 zeros. With it, a server on a loopback address
 *     proves that it validates; until then it is not asked.</td></tr>
 * <tr id="mail.mx.dns.validate"><td>{@code mail.mx.dns.validate}</td>
 *     <td>flag</td><td>{@code false}</td><td>{@code true}, {@code false}</td>
 *     <td>true: validate DNSSEC in this process, from the trust anchors down (RFC 4035). The AD bit is ignored, and an answer that is
 *     neither proved nor proved to be unsigned is a temporary failure. The servers must return signatures.</td></tr>
 * <tr id="mail.mx.dns.trustanchors"><td>{@code mail.mx.dns.trustanchors}</td>
 *     <td>text</td><td>those of the root of the Internet</td><td>path of a file</td>
 *     <td>File of DS or DNSKEY records in zone-file format: of the root, and of other names if needed. Read together with the settings;
 *     used with {@code mail.mx.dns.validate} only.</td></tr>
 * <tr id="mail.mx.dns.a6"><td>{@code mail.mx.dns.a6}</td>
 *     <td>flag</td><td>{@code false}</td><td>{@code true}, {@code false}</td>
 *     <td>true: look up A6 records as well (RFC 2874, historic).</td></tr>
 * <tr id="mail.mx.dns.resolver"><td>{@code mail.mx.dns.resolver}</td>
 *     <td>implementation</td><td>dnsjava</td><td>an {@code org.postroad.spi.MailDns}</td>
 *     <td>Resolver that replaces the built-in one. Its answers are cached as long as the object lives.</td></tr>
 * </table>
 *
 * <table>
 * <caption>Connections and SMTP</caption>
 * <tr><th>Name</th><th>Type</th><th>Default</th><th>Values</th><th>Description</th></tr>
 * <tr id="mail.mx.maxconnections"><td>{@code mail.mx.maxconnections}</td>
 *     <td>number</td><td>100</td><td>1 to 100000</td>
 *     <td>Open connections to all hosts together, in use or idle. One address of a mail exchanger gets at most half of them, and a
 *     fifth if it has not answered within the last hour; all such addresses together leave a fifth to the others. At the limit a
 *     delivery waits, except with {@code mail.mx.sendpartial=false}.</td></tr>
 * <tr id="mail.mx.maxconnectionsperhost"><td>{@code mail.mx.maxconnectionsperhost}</td>
 *     <td>number</td><td>20</td><td>1 to 10000</td>
 *     <td>Open connections to one host name, and to one address whatever its names, in use or idle. At the limit a delivery waits,
 *     except with {@code mail.mx.sendpartial=false}.</td></tr>
 * <tr id="mail.mx.maxmessagesperconnection"><td>{@code mail.mx.maxmessagesperconnection}</td>
 *     <td>number</td><td>10</td><td>1 to 1000000</td>
 *     <td>Transactions on one connection, in one send or several. Fewer if the server announces fewer (RFC 9422) or has refused more
 *     within the last hour. Several large servers accept no more than 10 or 20.</td></tr>
 * <tr id="mail.mx.idletimeout"><td>{@code mail.mx.idletimeout}</td>
 *     <td>duration</td><td>10s</td><td>0, 1ms to 30d</td>
 *     <td>How long an idle connection is kept for the next message to the same address, under the same name and with the same
 *     protection. 0: connections are not reused.</td></tr>
 * <tr id="mail.mx.maxrecipients"><td>{@code mail.mx.maxrecipients}</td>
 *     <td>number</td><td>100</td><td>1 to 10000</td>
 *     <td>Recipients in one transaction; fewer if the server announces fewer (RFC 9422). With {@code mail.mx.sendpartial=false}, all
 *     recipients of a domain go in one transaction.</td></tr>
 * <tr id="mail.mx.pipelining.enable"><td>{@code mail.mx.pipelining.enable}</td>
 *     <td>flag</td><td>{@code true}</td><td>{@code true}, {@code false}</td>
 *     <td>Send the commands of a transaction together to a server that offers PIPELINING (RFC 2920).</td></tr>
 * <tr id="mail.mx.chunking.enable"><td>{@code mail.mx.chunking.enable}</td>
 *     <td>flag</td><td>{@code true}</td><td>{@code true}, {@code false}</td>
 *     <td>Send the message with BDAT to a server that offers CHUNKING (RFC 3030). With PIPELINING as well, a message of at most 32 KiB
 *     is sent together with its commands.</td></tr>
 * <tr id="mail.mx.socks.host"><td>{@code mail.mx.socks.host}</td>
 *     <td>text</td><td>none</td><td>a host name or an IP address</td>
 *     <td>SOCKS 5 proxy for the built-in connector. DNS does not go through it, and {@code mail.mx.families} must name what the proxy
 *     reaches. Together with a connector of the application it is an error.</td></tr>
 * <tr id="mail.mx.socks.port"><td>{@code mail.mx.socks.port}</td>
 *     <td>number</td><td>1080</td><td>1 to 65535</td>
 *     <td>Port of the SOCKS proxy.</td></tr>
 * <tr id="mail.mx.executor"><td>{@code mail.mx.executor}</td>
 *     <td>text or object</td><td>daemon threads of Postroad</td><td>a {@code java.util.concurrent.Executor} or its JNDI name</td>
 *     <td>Runs the deliveries of direct sends, for example a ManagedExecutorService. It is never shut down here; deliveries that it
 *     rejects are deferred. Not used by queued deliveries, nor with {@code mail.mx.sendpartial=false}.</td></tr>
 * </table>
 *
 * <table>
 * <caption>TLS</caption>
 * <tr><th>Name</th><th>Type</th><th>Default</th><th>Values</th><th>Description</th></tr>
 * <tr id="mail.mx.ssl.protocols"><td>{@code mail.mx.ssl.protocols}</td>
 *     <td>list</td><td>TLSv1.3 TLSv1.2</td><td>TLS versions of this JVM</td>
 *     <td>TLS versions offered to mail exchangers and relays. Web servers are offered the default.</td></tr>
 * <tr id="mail.mx.ssl.ciphersuites"><td>{@code mail.mx.ssl.ciphersuites}</td>
 *     <td>list</td><td>chosen by the JVM</td><td>cipher suites of this JVM</td>
 *     <td>Cipher suites offered to mail exchangers and relays. Web servers are offered the default.</td></tr>
 * <tr id="mail.mx.ssl.groups"><td>{@code mail.mx.ssl.groups}</td>
 *     <td>list</td><td>chosen by the JVM</td><td>key exchange groups of this JVM, such as {@code X25519MLKEM768 x25519 secp256r1}</td>
 *     <td>Groups that are offered for the key exchange, to mail and web servers, the preferred one first. Needs JDK 20; an error on
 *     older ones. Hybrid groups make the first message larger than a TCP segment, which some middleboxes drop: if a handshake with them
 *     fails, or takes 10s or half of the remaining time, it is repeated without them, and the server is remembered for an hour. To
 *     insist on hybrid groups, list no others.</td></tr>
 * <tr id="mail.mx.mtasts.directory"><td>{@code mail.mx.mtasts.directory}</td>
 *     <td>text</td><td>none</td><td>path of an existing directory</td>
 *     <td>Keeps MTA-STS policies over a restart. Without it an attacker who blocks the TXT record or the policy host after a restart
 *     can switch TLS off. The directory must be writable, but not by everybody. Several processes may share it.</td></tr>
 * <tr id="mail.mx.tlsrpt.contact"><td>{@code mail.mx.tlsrpt.contact}</td>
 *     <td>text</td><td>none: off</td><td>a mailbox of a domain with a name</td>
 *     <td>Counts TLS results for {@link org.postroad.provider.Postroad#tlsReports} (RFC 8460). The mailbox is the sender of the reports
 *     and the contact for questions. Needs {@code jakarta.json} with an implementation, such as
 *     {@code org.eclipse.parsson:parsson}.</td></tr>
 * <tr id="mail.mx.tlsrpt.organization"><td>{@code mail.mx.tlsrpt.organization}</td>
 *     <td>text</td><td>the domain of {@code mail.mx.tlsrpt.contact}</td><td>1 to 200 visible characters</td>
 *     <td>Name of the reporting organization. An error without {@code mail.mx.tlsrpt.contact}.</td></tr>
 * </table>
 *
 * <table>
 * <caption>Plug-ins</caption>
 * <tr><th>Name</th><th>Type</th><th>Default</th><th>Values</th><th>Description</th></tr>
 * <tr id="mail.mx.connector"><td>{@code mail.mx.connector}</td>
 *     <td>implementation</td><td>plain sockets</td><td>an {@code org.postroad.spi.Connector}</td>
 *     <td>Opens the connections to mail exchangers, relays and web servers.</td></tr>
 * <tr id="mail.mx.relayselector"><td>{@code mail.mx.relayselector}</td>
 *     <td>implementation</td><td>the configured relays</td><td>an {@code org.postroad.spi.RelaySelector}</td>
 *     <td>Chooses the relays, instead of {@code mail.mx.relay}.</td></tr>
 * <tr id="mail.mx.relay.credentials"><td>{@code mail.mx.relay.credentials}</td>
 *     <td>implementation</td><td>none</td><td>an {@code org.postroad.api.CredentialsSource}</td>
 *     <td>Supplies the credentials, such as OAuth tokens, before each AUTH at a relay of {@code mail.mx.relay} whose URL has no user.
 *     {@code starttls} of such a relay is {@code required} by default; with {@code opportunistic} or {@code never} it is not
 *     authenticated. Has no effect on the relays of a {@code mail.mx.relayselector}.</td></tr>
 * <tr id="mail.mx.listener"><td>{@code mail.mx.listener}</td>
 *     <td>implementation</td><td>none</td><td>an {@code org.postroad.spi.DeliveryListener}</td>
 *     <td>Receives every step of every delivery. Its exceptions are logged and do not stop a delivery.</td></tr>
 * </table>
 *
 * <h3>Ignored</h3>
 *
 * <p>{@code mail.mx.host}, {@code mail.mx.port}, {@code mail.mx.user}, {@code mail.mx.password}, {@code mail.mx.auth},
 * {@code mail.mx.debug} and {@code mail.mx.class}, which containers set, have no effect, and neither have the arguments of
 * {@code connect}. If they name a server or a login, one warning for each Session says so and what to set instead.
 *
 * <h3>JNDI names</h3>
 *
 * <p>A JNDI name begins with {@code java:}, or has no scheme: {@code jdbc/ds} is looked up as {@code java:comp/env/jdbc/ds}, and then as it
 * stands, unless the initial context is that of a server. Names with another scheme are refused. A queue is known by the name in the settings,
 * whatever object a lookup returns; the same name in another application of this JVM is another queue. The name is looked up when the queue
 * opens.
 *
 * <h2>Messages and logs</h2>
 *
 * <p>The message of an {@link org.postroad.provider.MxSendFailedException} names each reason once in its first line, with the
 * recipients concerned. Further lines explain what a deferral means, and that port 25 may be closed if no host answered on it. The
 * report has every question, contact and result, the recipients with malformed addresses, and warnings about the message, such as a
 * Message-ID whose domain is not fully qualified. After a successful send it is available from {@code Postroad.send}, or with
 * {@code mail.mx.reportsuccess}.
 *
 * <p>The logger {@code org.postroad.delivery} of {@link java.lang.System.Logger} gets one line for each recipient at the end of each attempt:
 * a stable id and a word, then {@code key=value} pairs. Nothing else is logged at the level INFO. The ids are {@code PR-101 delivered},
 * {@code PR-102 deferred}, {@code PR-103 in-doubt} and {@code PR-104 held} (INFO), {@code PR-201 failed}, {@code PR-202 expired} and
 * {@code PR-203 double-bounce} (WARNING). The keys are, where there is a value:
 *
 * <ul>
 *   <li>{@code queue} and {@code message-id}: the id in the queue, and the header field;
 *   <li>{@code domain}, and {@code to} with {@code mail.mx.log.addresses}: the recipient;
 *   <li>{@code attempt}: the number of the attempt;
 *   <li>{@code host}, {@code address}, {@code port}, {@code connection}: the contact that decided, and the number of its connection in this
 *       JVM;
 *   <li>{@code ms} and {@code stages}: the duration of the contact and of each {@link org.postroad.api.Stage} in milliseconds, such as
 *       {@code CONNECT:12,GREETING:3}. A pooled connection has no CONNECT;
 *   <li>{@code tls}: the protection, a {@code TlsSummary.Level};
 *   <li>{@code status}, {@code reply}, {@code class}, {@code rule}: the enhanced status code, the reply code of the server, the
 *       {@link org.postroad.api.BounceClass}, and the ID of the requirement that decided;
 *   <li>{@code next}: when the next attempt is due.
 * </ul>
 *
 * <p>A value with other characters than visible ASCII is in quotation marks, with backslash escapes. The text of servers is not logged.
 *
 * <p>With {@code mail.debug}, the debug output of the Session has every DNS question, every dial, every line of the dialogues, the
 * result of TLS, and the result of the send. A line about a connection begins with the number of the connection in this JVM, its host
 * and its address; then comes {@code mx>} and what the client sent, {@code mx<} and what the server sent, or {@code mx-} and what
 * happened. Of a message it shows the size only. It contains no secrets.
 *
 * <h2>Implementations</h2>
 *
 * <p>For each interface of {@code org.postroad.spi}, and for {@code CredentialsSource}, the first of these is used: the object in the
 * properties; the class named there, loaded by the context class loader; the CDI bean of the type, if a container is running (two beans are
 * an error that names them); a service of {@link java.util.ServiceLoader}, if there are several the one with the highest
 * {@code jakarta.annotation.Priority} (a tie is an error that names them); the built-in implementation. The lookup runs on the sending
 * thread, and the results are not kept after the send. One instance of a class is created and lives as long as the class.
 *
 * <p>To put an implementation around a built-in one, create {@link org.postroad.provider.BuiltInMailDns},
 * {@link org.postroad.provider.BuiltInConnector}, {@link org.postroad.provider.BuiltInRelaySelector} or
 * {@link org.postroad.provider.BuiltInAddressOrder}, or have it injected: they have {@code jakarta.inject} annotations. An injector that is
 * not a CDI container needs {@link org.postroad.provider.Mx @Mx} {@code Properties}.
 *
 * <h2>CDI</h2>
 *
 * <p>In a CDI 4.0 container, an application injects {@link org.postroad.provider.Mx @Mx} {@code Session} and
 * {@link org.postroad.provider.MailQueue}. The settings of the Session are all properties that begin with {@code mail.}: those of
 * MicroProfile Config if it has an implementation here, else those of the system; those of a bean {@code @Mx Properties} of the application
 * precede them. Without a protocol it is {@code mx}. If the Session has the protocol {@code mxqueue}, the queue is opened when the
 * application starts, which fails if it cannot be opened. The queue is closed before the beans of the application are destroyed. A Session of
 * the application replaces the produced one as an {@code @Alternative}.
 *
 * <p>Observers of {@link org.postroad.api.DeliveryEvent}, or of one of its subclasses, get the events of each delivery beside the listener, on
 * the thread of the delivery, where no request context is active. Their exceptions are logged and do not stop a delivery. Events of a queue
 * go to the application that opened it. Asynchronous observers get no events.
 *
 * <h2>Limits on servers</h2>
 *
 * <p>A server may be broken or hostile. Exceeding a limit counts as a broken connection unless the row says otherwise: the next address
 * is tried, then the next host; the final status is 4.4.2.
 *
 * <table>
 * <caption>Limits on servers</caption>
 * <tr><th>What</th><th>At most</th><th>Setting</th></tr>
 * <tr><td>a whole send</td><td>15 minutes</td><td>{@code mail.mx.deadline}</td></tr>
 * <tr><td>connecting to one address</td><td>30 seconds</td><td>{@code mail.mx.connectiontimeout}</td></tr>
 * <tr><td>a reply, up to its last octet</td><td>5 minutes; 10 after the end of a message</td><td>{@code mail.mx.timeout};
 *     {@code mail.mx.finaltimeout}</td></tr>
 * <tr><td>accepting one write of at most 40 KiB</td><td>3 minutes</td><td>{@code mail.mx.writetimeout}</td></tr>
 * <tr><td>hosts of one domain; addresses of one host</td><td>20; 10; further ones are not tried</td><td>{@code mail.mx.maxmx};
 *     {@code mail.mx.maxaddresses}</td></tr>
 * <tr><td>replies to one command; a reply before the command</td><td>1; none</td><td></td></tr>
 * <tr><td>octets in a line; lines in a reply; octets in a reply</td><td>4096; 256; 65536</td><td></td></tr>
 * <tr><td>keywords in a reply to EHLO</td><td>100; the rest is not read</td><td></td></tr>
 * <tr><td>looking up and fetching an MTA-STS policy</td><td>a third of the remaining time of the send, and 60 seconds; then there is no
 *     policy, and the next try is 5 minutes later</td><td></td></tr>
 * <tr><td>octets in an MTA-STS policy</td><td>65536; a larger one counts as none</td><td></td></tr>
 * <tr><td>challenges in AUTH</td><td>10; then AUTH is cancelled</td><td></td></tr>
 * <tr><td>characters of a server's text in a line of an exception, report, log or debug output</td><td>300; the rest is
 *     counted</td><td></td></tr>
 * </table>
 *
 * <p>The same holds for DNS zones. Exceeding one of these limits is a temporary failure, 4.4.3, unless the row says otherwise:
 *
 * <table>
 * <caption>Limits on zones</caption>
 * <tr><th>What</th><th>At most</th><th>Setting</th></tr>
 * <tr><td>records in the answer section; of one type</td><td>1000; 256. Further records in other sections are
 *     ignored</td><td></td></tr>
 * <tr><td>records of all answers that one delivery keeps</td><td>10000</td><td></td></tr>
 * <tr><td>aliases in a row</td><td>10</td><td></td></tr>
 * <tr><td>one question with all its tries, aliases and proofs</td><td>10 seconds</td><td>{@code mail.mx.dns.timeout}</td></tr>
 * <tr><td>octets of all cached answers; of one of them</td><td>8 MiB; 16 KiB, larger ones are asked for again</td><td></td></tr>
 * <tr><td>octets of the policies in memory; policies in {@code mail.mx.mtasts.directory}; octets of one policy</td><td>16 MiB; 10000;
 *     7680, larger ones are fetched again. Domains that seldom get mail do not displace others</td><td></td></tr>
 * <tr><td>with {@code mail.mx.dns.validate}: messages, signatures and NSEC3 hashes of one proof</td><td>100, 400,
 *     100040</td><td></td></tr>
 * <tr><td>of one message of a proof: record sets in a section, keys, signatures of a set, hashed names</td><td>64, 32, 8 (the rest is
 *     ignored), 8</td><td></td></tr>
 * <tr><td>of an RSA key: bits of the modulus, of the exponent</td><td>4096, 64</td><td></td></tr>
 * </table>
 *
 * <p>A reply has a code from 200 to 599, the same in each line. A NUL in it breaks the connection. Octets that are not UTF-8, and a CR
 * that ends no line, are read as U+FFFD. Wherever the text of a server is shown, control, bidirectional and other invisible characters
 * appear as their Unicode numbers.
 *
 * <h2>Threads</h2>
 *
 * <p>The message is written once, on the thread that calls {@code sendMessage}. Deliveries run on daemon threads named
 * {@code postroad-*}, or on {@code mail.mx.executor}; a message to a single domain is delivered on the calling thread, unless an
 * executor, a connector or a SOCKS proxy is set. Idle threads end one second after the last send and after the last idle connection is
 * closed. Concurrent dials and DNS questions always run on threads of Postroad, even with an {@code executor}: a delivery that waits
 * for them must not occupy the thread that they need. For the same reason an asynchronous send waits for its deliveries on a thread of
 * Postroad; at most 200 of them run at a time in a process. {@link org.postroad.provider.Postroad#close} stops everything immediately. An
 * open queue has threads named {@code postroad-queue-*} and holds the plug-ins of its Session until it is closed. They do not use
 * {@code mail.mx.executor}: a queued delivery belongs to no request, may wait for a server for minutes, and must come to its end before
 * the queue is closed, while a container stops its executors without waiting for that, and discards what has not begun. They have the
 * context class loader of the thread that opened the queue, so that plug-ins, DataSources and JNDI objects work there as in the
 * application.
 */
@NullMarked
package org.postroad.provider;

import org.jspecify.annotations.NullMarked;
