-- From version 2 of the tables of the queue to version 3, for SQLite. All processes that work on the queue are to be stopped.

-- SQLite cannot add a column conditionally, so the table is copied.
DROP TABLE IF EXISTS postroad_delivery_3;
CREATE TABLE IF NOT EXISTS postroad_delivery_3 (
  message_id      VARCHAR(40)  NOT NULL,
  domain          VARCHAR(254) NOT NULL,
  state           VARCHAR(6)   NOT NULL,  -- OPEN, TRYING, HELD, FUTURE
  due_at          BIGINT       NOT NULL,
  attempts        INTEGER      NOT NULL,
  in_doubt        SMALLINT     NOT NULL,  -- an attempt ended without a word, and may have delivered
  warned          SMALLINT     NOT NULL,  -- its sender was told of the delay
  hint            VARCHAR(254),           -- the address that the next attempt begins with
  priority        SMALLINT     DEFAULT 1 NOT NULL,  -- 0 high, 1 normal, 2 low
  not_before      BIGINT       DEFAULT 0 NOT NULL,  -- when the application wants it sent at the earliest; 0: immediately
  PRIMARY KEY (message_id, domain),
  FOREIGN KEY (message_id) REFERENCES postroad_message (id) ON DELETE CASCADE
) WITHOUT ROWID;
INSERT INTO postroad_delivery_3 (message_id, domain, state, due_at, attempts, in_doubt, warned, hint)
  SELECT message_id, domain, state, due_at, attempts, in_doubt, warned, hint FROM postroad_delivery;
DROP TABLE postroad_delivery;
ALTER TABLE postroad_delivery_3 RENAME TO postroad_delivery;
CREATE INDEX IF NOT EXISTS postroad_delivery_lane ON postroad_delivery (domain, state, priority, due_at);
CREATE INDEX IF NOT EXISTS postroad_delivery_due ON postroad_delivery (state, priority, due_at, domain);

-- What is known of a message without its content, from its submission on, and for a while after its end.
CREATE TABLE IF NOT EXISTS postroad_history (
  id              VARCHAR(40)  NOT NULL PRIMARY KEY,  -- of the message
  queued_at       BIGINT       NOT NULL,
  sender          VARCHAR(254),           -- none: the null sender
  header_id       VARCHAR(250),           -- the Message-ID field, if it can be cited
  subject         VARCHAR(200),
  size            BIGINT       NOT NULL,
  envelope_id     VARCHAR(100),           -- ENVID
  unique_key      VARCHAR(200)            -- given by the application: no second message with it is stored
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS postroad_history_sender ON postroad_history (sender, id);
CREATE INDEX IF NOT EXISTS postroad_history_header ON postroad_history (header_id, id);
CREATE UNIQUE INDEX IF NOT EXISTS postroad_history_key ON postroad_history (unique_key) WHERE unique_key IS NOT NULL;

-- What became of one recipient of a message so far. Belongs to the history.
CREATE TABLE IF NOT EXISTS postroad_outcome (
  message_id      VARCHAR(40)  NOT NULL,
  position        INTEGER      NOT NULL,  -- in the envelope
  domain          VARCHAR(254) NOT NULL,
  mailbox         VARCHAR(254) NOT NULL,
  fate            VARCHAR(9)   NOT NULL,  -- WAITING, DEFERRED, IN_DOUBT, DELIVERED, FAILED, EXPIRED, REMOVED
  changed_at      BIGINT       NOT NULL,
  attempts        INTEGER      NOT NULL,
  status          VARCHAR(12),            -- of the last attempt, as what follows; none: there was no attempt
  rule            VARCHAR(40),
  reason          VARCHAR(500),           -- human-readable
  reply_code      INTEGER,                -- none or 0: no server replied
  remote_role     VARCHAR(16),            -- the host contacted
  remote_host     VARCHAR(254),
  remote_address  VARCHAR(254),
  remote_port     INTEGER,                -- none or 0: no host was contacted
  protection      VARCHAR(16),            -- NONE, OPPORTUNISTIC, MTA_STS, DANE, VERIFIED
  PRIMARY KEY (message_id, position),
  FOREIGN KEY (message_id) REFERENCES postroad_history (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS postroad_outcome_mailbox ON postroad_outcome (mailbox, message_id);
CREATE INDEX IF NOT EXISTS postroad_outcome_domain ON postroad_outcome (domain, message_id);

-- The messages in the queue get a history, too.
INSERT INTO postroad_history (id, queued_at, sender, header_id, subject, size, envelope_id)
  SELECT m.id, m.queued_at, m.sender, m.header_id, m.subject, m.size, m.envelope_id FROM postroad_message m
  WHERE NOT EXISTS (SELECT 1 FROM postroad_history h WHERE h.id = m.id);
INSERT INTO postroad_outcome (message_id, position, domain, mailbox, fate, changed_at, attempts)
  SELECT r.message_id, r.position, r.domain, r.mailbox, CASE WHEN d.attempts > 0 THEN 'DEFERRED' ELSE 'WAITING' END, m.queued_at, d.attempts
  FROM postroad_recipient r JOIN postroad_message m ON m.id = r.message_id
  JOIN postroad_delivery d ON d.message_id = r.message_id AND d.domain = r.domain
  WHERE NOT EXISTS (SELECT 1 FROM postroad_outcome o WHERE o.message_id = r.message_id AND o.position = r.position);

UPDATE postroad_schema SET version = 3;
