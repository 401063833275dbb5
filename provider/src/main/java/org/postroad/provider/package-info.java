// SPDX-License-Identifier: Apache-2.0
/**
 * The Jakarta Mail transports for the protocols {@code mx}, by which mail goes straight to the recipients' mail exchangers, and
 * {@code mxqueue}, by which it goes there from a durable queue.
 *
 * <p>An application sets {@code mail.transport.protocol=mx} and {@code mail.transport.protocol.rfc822=mx}, or calls
 * {@link org.postroad.provider.Postroad#install}, and sends as ever. What is not accepted shows as
 * {@link org.postroad.provider.MxSendFailedException}, whose report says for each recipient what was asked, tried and answered.
 *
 * <h2>Settings</h2>
 *
 * <p>All names begin with {@code mail.mx.}. A duration is a number of milliseconds, or {@code 30s}, {@code 5m}, {@code 4h},
 * {@code 5d}; more than 0, at most 30 days. Lists are separated by commas or white space. Flags are {@code true} or {@code false},
 * also {@code yes} or {@code no}, {@code on} or {@code off}, {@code 1} or {@code 0}. In place of text there may be an object that
 * obviously means it, in the Properties themselves: a Duration, a whole number, a Boolean, a List or an array, an InternetAddress or
 * InetAddress, a Path. A value that cannot be read is a {@code MessagingException} of {@code connect}, and so of
 * {@code Transport.send}, that names it; nothing is sent. An unknown name is a warning in the log, and so is a time-out below a second.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>Name</th><th>Default</th><th>Meaning</th></tr>
 * <tr><td>localhost</td><td>this host's canonical name, if it is fully qualified</td><td>the name in EHLO: letters, digits and
 * hyphens; a name that is not fully qualified, or not as RFC 1123 has it, is a warning or an error</td></tr>
 * <tr><td>from</td><td>the From header</td><td>the reverse-path; {@code <>} is the null sender</td></tr>
 * <tr><td>relay</td><td>none</td><td>external relays, in order: {@code smtp://user:pass@host:587;starttls=required;auth=plain} or
 *     {@code smtps://...}; {@code starttls} is required, opportunistic or never; {@code fingerprint} is SHA-256 of the
 *     certificate that it has to show, in place of the trust store</td></tr>
 * <tr><td>relay.ipv4, relay.ipv6</td><td>relay</td><td>the same, for destinations of one family</td></tr>
 * <tr><td>relay.attempts</td><td>1</td><td>how often an unreachable relay is tried in one send, 1 to 100</td></tr>
 * <tr><td>relay.fallback</td><td>false</td><td>use the relay also after the domain's own hosts were tried in vain</td></tr>
 * <tr><td>relayselector</td><td>the configured relays</td><td>a {@code RelaySelector}: object or class name</td></tr>
 * <tr><td>families</td><td>auto</td><td>auto, ipv4, ipv6 or both: in which families we reach the Internet</td></tr>
 * <tr><td>addressorder</td><td>rfc6724</td><td>rfc6724, ipv6, ipv4 or random: the order within one host; or
 *     an {@code AddressOrder}: object or class name</td></tr>
 * <tr><td>localaddress.ipv4, .ipv6</td><td>the system's choice</td><td>the source address for each family</td></tr>
 * <tr><td>connectiontimeout</td><td>30s</td><td>for one address</td></tr>
 * <tr><td>attemptdelay</td><td>250ms</td><td>while one address of a host is being dialled and does not answer, the next is dialled,
 * too, after this time (RFC 8305), 10ms to 2s; the first that connects is used, the others are closed before anything is sent.
 * {@code off}: the next only after one failed, for networks that count connections. Never across hosts</td></tr>
 * <tr><td>timeout</td><td>5m</td><td>for one reply, other than the one to the end of a message</td></tr>
 * <tr><td>finaltimeout</td><td>10m</td><td>for the reply to the end of a message (RFC 5321 §4.5.3.2.6), while the server checks and stores
 * it. A server that needs longer may have taken the message all the same: then the outcome is in doubt, and a queue sends it again, so a
 * short time makes duplicates</td></tr>
 * <tr><td>writetimeout</td><td>3m</td><td>for the server to take what is written at once, at most 40 KiB</td></tr>
 * <tr><td>deadline</td><td>15m</td><td>for the whole send</td></tr>
 * <tr><td>starttls.enable</td><td>true</td><td>use STARTTLS where it is offered (RFC 7435)</td></tr>
 * <tr><td>starttls.required</td><td>false</td><td>send only over TLS</td></tr>
 * <tr><td>tls.fallback</td><td>true</td><td>where TLS is offered, fails, and nobody demands it: send in the clear to the same
 * address. In a queue, not at the first attempt</td></tr>
 * <tr><td>dane.enable</td><td>true</td><td>heed TLSA records of mail exchangers (RFC 7672), where DNSSEC proved the addresses:
 * needs a resolver that validates and whose word counts (see below), or {@code dns.validate}</td></tr>
 * <tr><td>mtasts.enable</td><td>true</td><td>heed the MTA-STS policies of domains (RFC 8461): a TXT record is asked for, and what
 * it announces is fetched over HTTPS, the way that mail goes, and kept as long as it says</td></tr>
 * <tr><td>mtasts.directory</td><td>none</td><td>a directory that keeps the policies over a restart, which would forget them: else who
 * can suppress the record or the policy host at that time could switch TLS off. It must be there; several processes may share it</td></tr>
 * <tr><td>requiretls</td><td>false</td><td>REQUIRETLS (RFC 8689): rather not delivered than without authenticated TLS, all the way.
 * 5.7.30 where no host of the domain has it; what may pass is tried again.
 * A message with the header {@code TLS-Required: No} is rather delivered than protected</td></tr>
 * <tr><td>tlsrpt.contact</td><td>none: off</td><td>count how TLS turned out, for {@link org.postroad.provider.Postroad#tlsReports}
 * (RFC 8460); the mailbox that answers questions about the reports, and that they come from. Needs
 * {@code jakarta.json} with an implementation, as Jakarta EE has it, or {@code org.eclipse.parsson:parsson}</td></tr>
 * <tr><td>tlsrpt.organization</td><td>the contact's domain</td><td>who reports, for people; 1 to 200 characters</td></tr>
 * <tr><td>dns.servers</td><td>those of /etc/resolv.conf</td><td>{@code 127.0.0.1:53}, {@code [::1]:53}; at most 8. Of
 * {@code resolv.conf(5)} these options count: {@code trust-ad}, {@code use-vc}, {@code rotate}, {@code timeout}, {@code attempts}; others
 * that would change something are logged. A file without {@code nameserver} lines means 127.0.0.1, as in glibc</td></tr>
 * <tr><td>dns.timeout</td><td>10s</td><td>for one question with all its tries and aliases. The servers share it: after at most 2 s the
 * next one is asked as well, a silent one twice, and the last one has what is left; an answer counts however late it comes</td></tr>
 * <tr><td>dns.trustad</td><td>none</td><td>IP addresses of servers whose AD bit counts: they validate, and nobody else can write to the
 * path to them. The same is meant by {@code options trust-ad} in the resolv.conf that names them, but for Docker's 127.0.0.11. Where
 * the bit of one server counts, only such servers are asked</td></tr>
 * <tr><td>dns.probe</td><td>none</td><td>a host name below a domain that is not signed, for which only the resolver of this host has a
 * trust anchor that fits nothing; in unbound: {@code trust-anchor: "validation-probe.example.com. DS 1 8 2 00..."} with 64 zeros.
 * By it, and not by their address, servers on loopback show that they validate; until they have done so they are not asked</td></tr>
 * <tr><td>dns.validate</td><td>false</td><td>true: answers are proved here, from the root's trust anchors down (DNSSEC, RFC 4035);
 * the servers' AD bit counts for nothing, and what is neither proved nor proved to be unsigned is a temporary failure. The servers
 * must hand out signatures</td></tr>
 * <tr><td>dns.trustanchors</td><td>those of the Internet's root</td><td>a file with DS or DNSKEY records of the root, and of other
 * names if need be, as in a zone file; read when the settings are</td></tr>
 * <tr><td>dns.a6</td><td>false</td><td>ask for A6 records too</td></tr>
 * <tr><td>dns.resolver</td><td>dnsjava</td><td>a {@code MailDns}: object or class name</td></tr>
 * <tr><td>connector</td><td>plain sockets</td><td>a {@code Connector}: object or class name</td></tr>
 * <tr><td>listener</td><td>none</td><td>a {@code DeliveryListener}: object or class name</td></tr>
 * <tr><td>remoteport</td><td>25</td><td>where mail exchangers listen, 1 to 65535</td></tr>
 * <tr><td>addresses.allow</td><td>none</td><td>networks exempt from the refusal of private and other special addresses</td></tr>
 * <tr><td>localnames</td><td>localhost</td><td>names under which we could be listed as mail exchanger</td></tr>
 * <tr><td>ownaddresses</td><td>auto</td><td>addresses under which we could be listed as mail exchanger: {@code auto}, which is those of
 * the interfaces, and others, such as the public one of a host behind address translation; none: by name only</td></tr>
 * <tr><td>nat64.prefix</td><td>discovered (RFC 7050)</td><td>how a host with IPv6 only reaches IPv4; where it is
 * configured, addresses behind it are judged by the IPv4 address inside on every host</td></tr>
 * <tr><td>routes</td><td>none</td><td>explicit next hops: {@code example.org=[mx.internal]:2525; .example.net=hub.example.com;
 *     *=[192.0.2.1]}; in brackets a host or an address, without them a name whose mail exchangers are looked up; the domain itself
 *     comes before {@code .parent}, which is every domain below, and that before {@code *}</td></tr>
 * <tr><td>sendpartial</td><td>true</td><td>false: nobody gets the message before the servers of all recipients accepted them; at most 32
 *     domains in a message. A server that refuses the message at its end can then no longer be helped</td></tr>
 * <tr><td>reportsuccess</td><td>false</td><td>true: a {@code MxSendFailedException} also where everybody's mail was accepted, with one
 *     exception in its chain for each address</td></tr>
 * <tr><td>dsn.notify</td><td>the servers' custom</td><td>when a report is wanted (RFC 3461): NEVER, or some of SUCCESS, FAILURE, DELAY; an
 *     {@code SMTPMessage} of Angus Mail says it for itself</td></tr>
 * <tr><td>dsn.ret</td><td>the servers' custom</td><td>FULL or HDRS: how much of the message a report contains</td></tr>
 * <tr><td>dsn.envid</td><td>none</td><td>what comes back in reports, 1 to 100 characters of printable ASCII</td></tr>
 * <tr><td>executor</td><td>daemon threads of our own</td><td>what runs deliveries: an {@code Executor} object, or the JNDI name
 * ({@code java:...}) of one such as a container's ManagedExecutorService; never shut down by us, not used where
 * {@code sendpartial=false}; what it refuses is deferred</td></tr>
 * <tr><td>maxrecipients</td><td>100</td><td>recipients in one transaction, 1 to 10000; where {@code sendpartial=false}, all of a
 * domain</td></tr>
 * <tr><td>pipelining.enable</td><td>true</td><td>send the commands of a transaction in one flight where the server offers that (RFC
 * 2920)</td></tr>
 * <tr><td>chunking.enable</td><td>true</td><td>send the message by BDAT where the server offers CHUNKING (RFC 3030); with
 * PIPELINING too, a message of at most 32 KiB goes in one flight with its commands</td></tr>
 * <tr><td>idletimeout</td><td>10s</td><td>how long a connection is kept for the next message to the same address under the same
 * name with the same protection; 0: not at all</td></tr>
 * <tr><td>maxmessagesperconnection</td><td>10</td><td>transactions on one connection, in one send or several, 1 to 1000000; fewer where
 * the server announces fewer (RFC 9422), or has refused more within the last hour. Several large servers take no more than 10 or
 * 20</td></tr>
 * <tr><td>maxconnectionsperhost</td><td>20</td><td>connections open to one host name, and to one address whatever its names, in use or
 *     kept, 1 to 10000; beyond it a delivery waits for another one's end, except where {@code sendpartial=false}</td></tr>
 * <tr><td>maxconnections</td><td>100</td><td>the same for all hosts together, 1 to 100000. One address of a mail exchanger gets at most
 *     half of them, and a fifth if it has not answered within the last hour; all such addresses together leave a fifth for the
 *     others</td></tr>
 * <tr><td>ssl.protocols</td><td>TLSv1.3 TLSv1.2</td><td>TLS versions of this JVM that are offered</td></tr>
 * <tr><td>ssl.ciphersuites</td><td>the JVM's</td><td>cipher suites of this JVM that are offered</td></tr>
 * <tr><td>ssl.groups</td><td>the JVM's</td><td>groups of this JVM that are offered for the key exchange, to mail and web servers, the preferred
 * first, such as {@code X25519MLKEM768 x25519 secp256r1}; needs JDK 20, older ones are refused with it. Hybrid groups make the first message
 * larger than a TCP segment, which some middleboxes drop: where a handshake with them fails, or takes 10s or half of what is left until the
 * deadline, another one follows without them, before anything else is concluded; that is remembered for an hour for each server. To insist on
 * hybrid groups, name no others</td></tr>
 * <tr><td>socks.host</td><td>none</td><td>a SOCKS 5 proxy for the built-in connector; DNS stays ours, and {@code families} is what the
 *     proxy reaches; not together with a {@code connector}</td></tr>
 * <tr><td>socks.port</td><td>1080</td><td>its port, 1 to 65535</td></tr>
 * <tr><td>maxmx</td><td>20</td><td>mail exchangers looked at, 1 to 1000</td></tr>
 * <tr><td>maxaddresses</td><td>10</td><td>addresses contacted at one host, 2 to 1000</td></tr>
 * </table>
 *
 * <p>Of the queue, all names beginning with {@code mail.mx.queue.}; they count for the Session that opens the queue, but for
 * {@code firstattempt}, which is each send's:
 *
 * <table>
 * <caption>Settings of the queue</caption>
 * <tr><th>Name</th><th>Default</th><th>Meaning</th></tr>
 * <tr><td>url</td><td>{@code jdbc:sqlite:}user.home{@code /.postroad/queue.db}</td><td>a file of SQLite, made where it is missing,
 * in a directory for the user alone; {@code ~/} is the user's home. For one process at a time, whatever name it has for the file. All files
 * have the mode 0600; in a directory that others can write, one that others can read, or a symbolic link, is refused</td></tr>
 * <tr><td>datasource</td><td>none</td><td>the application's database in place of a file: a {@code DataSource} object, its JNDI name
 * ({@code java:...}), or {@code cdi} for the bean of that type. PostgreSQL, H2, MariaDB, MySQL; give it a pool, each step takes a
 * connection for a short time, and two where they come with auto-commit off. Where it hands out the transaction of the calling thread
 * (a container's in a JTA transaction, Spring's {@code TransactionAwareDataSourceProxy}), messages and what is done by a
 * {@link org.postroad.provider.MailQueue} are part of that, and it is never committed or rolled back here; where that cannot be told,
 * nothing is stored, and the exception says what to configure</td></tr>
 * <tr><td>createschema</td><td>true</td><td>make the tables where they are missing, and upgrade those of an earlier version, for which
 * all processes are to be stopped; else that is to be done by {@code schema-*.sql} and {@code upgrade-*.sql}, beside the classes in the
 * jar</td></tr>
 * <tr><td>transactions</td><td>the container's, if there is one: by its JNDI name, or the CDI bean</td><td>where the queue is in a
 * database of the application's: a {@code jakarta.transaction.TransactionSynchronizationRegistry}, object or JNDI name, which tells of
 * the commit of a JTA transaction, so that delivery starts then; without it, within {@code poll}</td></tr>
 * <tr><td>firstattempt</td><td>queue</td><td>sync: the message is first sent directly, as by {@code mx}; only who is open then is
 * queued, and who is refused is told in the exception</td></tr>
 * <tr><td>schedule</td><td>5m,10m,20m,40m,1h,2h,4h</td><td>the waits after the attempts, 1 to 100 of at least 1s; the last one
 * holds for all further ones; up to a tenth is added by chance</td></tr>
 * <tr><td>lifetime</td><td>5d</td><td>how long a message is tried; given up only after an attempt behind that</td></tr>
 * <tr><td>delaywarning</td><td>off</td><td>after how long the sender is told, once, that a message waits</td></tr>
 * <tr><td>indoubt</td><td>retry</td><td>what may have been delivered is tried again, and may arrive twice; hold: it waits for
 *     {@link org.postroad.provider.MailQueue#release}</td></tr>
 * <tr><td>postmaster</td><td>none</td><td>a mailbox that receives notices which could not be delivered to the sender (double bounces);
 * they are logged, and told the listener, in any case. What cannot be delivered to this mailbox itself is only logged</td></tr>
 * <tr><td>bounces</td><td>sender</td><td>who hears of what is given up: the sender, by mail (RFC 3464); listener: the
 * {@code DeliveryListener}; none</td></tr>
 * <tr><td>maxsize</td><td>104857600</td><td>octets in a message, 1 to 2147483647</td></tr>
 * <tr><td>suppress</td><td>false</td><td>true: addresses that a server does not know (5.1.1, 5.1.6) are remembered, and refused at
 * once</td></tr>
 * <tr><td>concurrency</td><td>5</td><td>deliveries at once to the same set of mail exchangers, whatever domains they serve, 1 to
 * 1000; in each process</td></tr>
 * <tr><td>rate</td><td>any</td><td>deliveries to the same set of mail exchangers, evenly spread, such as {@code 100/1m}; in each
 * process</td></tr>
 * <tr><td>destinations</td><td>200</td><td>domains served at once, 1 to 10000: a thread for each</td></tr>
 * <tr><td>poll</td><td>5s</td><td>how often an idle queue looks into its tables, at least 50ms; what this process puts in starts at
 * once</td></tr>
 * <tr><td>lease</td><td>1m</td><td>a process of which nothing was heard so long is dead, and others take over what it had; at least
 * 4s. Where several processes share a database, their clocks must agree: one that differs from the database's by more than an eighth of
 * the lease is warned of when the queue is opened, by more than half the queue is not opened</td></tr>
 * <tr><td>closetimeout</td><td>10s</td><td>how long running deliveries may take to end when the queue is closed; less than what stops the
 * process allows, such as the 10s of {@code docker stop}</td></tr>
 * <tr><td>shutdownhook</td><td>true</td><td>a queue that is open when the JVM ends, as after SIGTERM, is closed by then, and the JVM waits
 * for that; a queue that is opened while the JVM ends takes mail and delivers none. The hook is removed when the queue is closed: an
 * application that is undeployed closes its queue. false: whoever opens the queue closes it, or what is under way at the end is in
 * doubt</td></tr>
 * </table>
 *
 * <p>{@code host}, {@code port}, {@code user}, {@code password}, {@code auth}, {@code debug} and {@code class}, which containers write
 * under this prefix, mean nothing here, nor does what is given to {@code connect}. Where that names a server or a login, one warning for
 * each Session says so, and what to set in its place.
 *
 * <p>Who opens a queue that is open already works with the settings of the first; a warning names those that differ.
 *
 * <h2>What people read</h2>
 *
 * <p>The message of an {@link org.postroad.provider.MxSendFailedException} names in its first line each reason once, with the recipients
 * that it holds for; then come, each on a line of its own, what a deferral means here, and that port 25 may be closed, where no host
 * answered there. The report has every question, contact and result, recipients whose addresses are malformed, and warnings about
 * the message, such as a Message-ID whose domain is not fully qualified. Where a send succeeds, {@code reportsuccess} brings it.
 *
 * <p>With {@code mail.debug}, the debug output of the Session has every question to DNS, every dial, every line of the dialogues, what
 * TLS came to, and the result. A line about a connection begins with its number in this JVM, its host and its address; then come
 * {@code mx>} and what we said, {@code mx<} and what the server said, or {@code mx-} and what happened. Of a message it has only the size;
 * nothing secret is in it.
 *
 * <h2>Implementations</h2>
 *
 * <p>For each interface of {@code org.postroad.spi} the first of these is used: the object in the properties; the class named
 * there, through the context class loader; the CDI bean of the type, where a container runs (two are an error that names them); a
 * service of {@link java.util.ServiceLoader}, of several the one with the highest {@code jakarta.annotation.Priority} (a tie is an
 * error that names them); the built-in one. They are asked for on the thread that sends, and not held after the send; one instance
 * is made of a class, and lives as long as it.
 *
 * <h2>What a server can cost</h2>
 *
 * <p>A server may be broken, or hostile. What goes beyond a limit is a broken connection, unless said otherwise: the next address, the
 * next host, in the end 4.4.2.
 *
 * <table>
 * <caption>Limits against servers</caption>
 * <tr><th>What</th><th>At most</th><th>Setting</th></tr>
 * <tr><td>everything of one send</td><td>15 minutes</td><td>deadline</td></tr>
 * <tr><td>a connection to one address</td><td>30 seconds</td><td>connectiontimeout</td></tr>
 * <tr><td>a reply, to its last octet, however slowly it drips</td><td>5 minutes; 10 after the end of the message</td><td>timeout;
 *     finaltimeout</td></tr>
 * <tr><td>16 KiB of the message on their way</td><td>3 minutes</td><td>writetimeout</td></tr>
 * <tr><td>hosts of one domain, addresses of one host</td><td>20, 10</td><td>maxmx, maxaddresses</td></tr>
 * <tr><td>replies to one command; before it there is none</td><td>1</td><td></td></tr>
 * <tr><td>octets in a line, lines and octets in a reply</td><td>4096, 256, 65536</td><td></td></tr>
 * <tr><td>keywords in a reply to EHLO</td><td>100; the rest is not read</td><td></td></tr>
 * <tr><td>an MTA-STS policy: finding and fetching it, once in 5 minutes if that fails; its octets</td><td>a third of what is left of the
 *     send, and 60 seconds; 65536; as good as none</td><td></td></tr>
 * <tr><td>challenges in AUTH</td><td>10; then AUTH is cancelled</td><td></td></tr>
 * <tr><td>characters of its words in a line of an exception, a report, a log or debug output</td><td>300; the rest is
 * counted</td><td></td></tr>
 * </table>
 *
 * <p>So may a zone. What goes beyond these limits is a failure for now, 4.4.3, unless said otherwise:
 *
 * <table>
 * <caption>Limits against zones</caption>
 * <tr><th>What</th><th>At most</th><th>Setting</th></tr>
 * <tr><td>records in the answer section; of one type</td><td>1000; 256. In other sections the rest is left out</td><td></td></tr>
 * <tr><td>records of all answers that one delivery keeps</td><td>10000</td><td></td></tr>
 * <tr><td>aliases in a row</td><td>10</td><td></td></tr>
 * <tr><td>one question, with all its tries, aliases and proofs</td><td>10 seconds</td><td>dns.timeout</td></tr>
 * <tr><td>octets of the answers that are kept; of one of them</td><td>8 MiB; 16 KiB, larger ones are asked for again</td><td></td></tr>
 * <tr><td>octets of the policies that are kept in memory; policies in {@code mtasts.directory}; octets of one of them</td><td>16 MiB;
 *     10000; 7680, larger ones are fetched again. Domains that are seldom mailed displace no others</td><td></td></tr>
 * <tr><td>with {@code dns.validate}: messages, signatures and NSEC3 hashes of one proof</td><td>100, 400, 100040</td><td></td></tr>
 * <tr><td>of a message of it: record sets in a section, keys, signatures of a set, hashed names</td><td>64, 32, 8 (the rest is left
 *     out), 8</td><td></td></tr>
 * <tr><td>of an RSA key: bits of the modulus, of the exponent</td><td>4096, 64</td><td></td></tr>
 * </table>
 *
 * <p>A reply has a code of 200 to 599, the same in each line. A NUL in it breaks the connection; octets that are not UTF-8, and a CR that
 * ends no line, read as U+FFFD. Wherever a server's words are shown, control, bidi and other invisible characters show as
 * their Unicode numbers.
 *
 * <h2>Threads</h2>
 *
 * <p>The message is written once, on the thread that calls {@code sendMessage}; deliveries run on daemon threads named
 * {@code postroad-*}, which end a second after the last send and after the last kept connection. Dials, and DNS questions that are
 * asked at once, are on such threads also where an {@code executor} runs the deliveries: who waits for them must not take the
 * thread that they need. {@link org.postroad.provider.Postroad#close} ends everything at once. A queue that is open has threads
 * named {@code postroad-queue}, and holds the Session's plug-ins, until it is closed.
 */
@NullMarked
package org.postroad.provider;

import org.jspecify.annotations.NullMarked;
