-- The tables of the queue (protocol mxqueue), version 4, for MariaDB 10.6 and MySQL 8 and later. Moments are milliseconds since 1970 in UTC.

-- A message that is not done with. It goes with its last delivery.
CREATE TABLE IF NOT EXISTS postroad_message (
  id              VARCHAR(40)  NOT NULL PRIMARY KEY,
  queued_at       BIGINT       NOT NULL,
  expires_at      BIGINT       NOT NULL,  -- given up after that moment
  sender          VARCHAR(254),           -- none: the null sender
  returned        VARCHAR(4),             -- RET: FULL, HDRS
  envelope_id     VARCHAR(100),           -- ENVID
  tls             VARCHAR(8)   NOT NULL,  -- REQUIRED, NONE, WAIVED (RFC 8689)
  header_id       VARCHAR(250),           -- the field Message-ID, where it can be cited
  subject         VARCHAR(200),           -- in words, as much as fits
  size            BIGINT       NOT NULL,
  eight_bit       SMALLINT     NOT NULL,
  utf8_header     SMALLINT     NOT NULL,
  longest_line    BIGINT       NOT NULL,
  nul             SMALLINT     NOT NULL,
  dkim            SMALLINT     NOT NULL,
  INDEX postroad_message_queued (queued_at)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Its octets as they go over the wire, once for all recipients, in parts.
CREATE TABLE IF NOT EXISTS postroad_content (
  message_id      VARCHAR(40)  NOT NULL,
  part            INTEGER      NOT NULL,
  octets          LONGBLOB     NOT NULL,
  PRIMARY KEY (message_id, part),
  FOREIGN KEY (message_id) REFERENCES postroad_message (id) ON DELETE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One recipient domain of a message: the unit of work.
CREATE TABLE IF NOT EXISTS postroad_delivery (
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
  failure_class   VARCHAR(20),            -- of the last attempt of a delivery that waits: the BounceClass; none: no attempt has failed
  failure_status  VARCHAR(12),
  failure_reason  VARCHAR(120),           -- human-readable, without what differs from one delivery to the next
  PRIMARY KEY (message_id, domain),
  FOREIGN KEY (message_id) REFERENCES postroad_message (id) ON DELETE CASCADE,
  INDEX postroad_delivery_lane (domain, state, priority, due_at),
  INDEX postroad_delivery_due (state, priority, due_at, domain)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Whoever is still to get the message.
CREATE TABLE IF NOT EXISTS postroad_recipient (
  message_id      VARCHAR(40)  NOT NULL,
  position        INTEGER      NOT NULL,  -- in the envelope
  domain          VARCHAR(254) NOT NULL,
  mailbox         VARCHAR(254) NOT NULL,
  notify          VARCHAR(40)  NOT NULL,  -- NOTIFY, words with commas between them; empty: the custom
  original        VARCHAR(254),           -- ORCPT
  PRIMARY KEY (message_id, position),
  FOREIGN KEY (message_id) REFERENCES postroad_message (id) ON DELETE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What was tried: written before the dial, completed after the reply.
CREATE TABLE IF NOT EXISTS postroad_attempt (
  message_id      VARCHAR(40)  NOT NULL,
  domain          VARCHAR(254) NOT NULL,
  attempt         INTEGER      NOT NULL,
  started_at      BIGINT       NOT NULL,
  ended_at        BIGINT,                 -- none: under way, or cut off by a crash
  report          TEXT,                   -- for people
  PRIMARY KEY (message_id, domain, attempt),
  FOREIGN KEY (message_id) REFERENCES postroad_message (id) ON DELETE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What the sender of a message is still to be told of its recipients. The message stays until that is done.
CREATE TABLE IF NOT EXISTS postroad_news (
  message_id      VARCHAR(40)  NOT NULL,
  event           VARCHAR(8)   NOT NULL,  -- FAILED, DELAYED, RELAYED
  mailbox         VARCHAR(254) NOT NULL,
  original        VARCHAR(254),           -- ORCPT
  status          VARCHAR(12)  NOT NULL,
  happened_at     BIGINT       NOT NULL,
  remote_role     VARCHAR(16),            -- who was contacted
  remote_host     VARCHAR(254),
  remote_address  VARCHAR(254),
  remote_port     INTEGER      NOT NULL,  -- 0: nobody was
  reply_code      INTEGER      NOT NULL,  -- 0: nothing was said
  reply_text      TEXT,                   -- lines
  due_at          BIGINT       NOT NULL,  -- told then, also if more is to be expected
  PRIMARY KEY (message_id, event, mailbox),
  FOREIGN KEY (message_id) REFERENCES postroad_message (id) ON DELETE CASCADE,
  INDEX postroad_news_due (due_at)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What is known of a destination that is not as the others are.
CREATE TABLE IF NOT EXISTS postroad_destination (
  domain          VARCHAR(254) NOT NULL PRIMARY KEY,
  paused          SMALLINT     NOT NULL,  -- somebody said so
  failures        INTEGER      NOT NULL,  -- visits in a row at which it did not answer
  retry_at        BIGINT       NOT NULL,  -- visited again then
  report          TEXT                    -- of the last visit, for people
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Addresses that do not exist, where they are remembered.
CREATE TABLE IF NOT EXISTS postroad_suppressed (
  mailbox         VARCHAR(254) NOT NULL PRIMARY KEY,
  since           BIGINT       NOT NULL,
  reason          TEXT         NOT NULL
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What is known of a message without its content, from its submission on, and for a while after its end.
CREATE TABLE IF NOT EXISTS postroad_history (
  id              VARCHAR(40)  NOT NULL PRIMARY KEY,  -- of the message
  queued_at       BIGINT       NOT NULL,
  sender          VARCHAR(254),           -- none: the null sender
  header_id       VARCHAR(250),           -- the Message-ID field, if it can be cited
  subject         VARCHAR(200),
  size            BIGINT       NOT NULL,
  envelope_id     VARCHAR(100),           -- ENVID
  unique_key      VARCHAR(200),           -- given by the application: no second message with it is stored
  INDEX postroad_history_sender (sender, id),
  INDEX postroad_history_header (header_id, id),
  UNIQUE INDEX postroad_history_key (unique_key)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

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
  FOREIGN KEY (message_id) REFERENCES postroad_history (id) ON DELETE CASCADE,
  INDEX postroad_outcome_mailbox (mailbox, message_id),
  INDEX postroad_outcome_domain (domain, message_id)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The report of an attempt. Belongs to the history.
CREATE TABLE IF NOT EXISTS postroad_report (
  message_id      VARCHAR(40)  NOT NULL,
  domain          VARCHAR(254) NOT NULL,
  attempt         INTEGER      NOT NULL,
  ended_at        BIGINT       NOT NULL,
  report          MEDIUMBLOB   NOT NULL,  -- JSON, compressed (RFC 1950)
  PRIMARY KEY (message_id, domain, attempt),
  FOREIGN KEY (message_id) REFERENCES postroad_history (id) ON DELETE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- When which domain is looked at next, and by whom now. The table of db-scheduler, whose names and types these are; its moments are in UTC, too.
CREATE TABLE IF NOT EXISTS postroad_task (
  task_name            VARCHAR(40)  NOT NULL,
  task_instance        VARCHAR(254) NOT NULL,
  task_data            BLOB,
  execution_time       DATETIME(6) NOT NULL,
  picked               BOOLEAN NOT NULL,
  picked_by            VARCHAR(100),
  last_success         DATETIME(6) NULL,
  last_failure         DATETIME(6) NULL,
  consecutive_failures INTEGER,
  last_heartbeat       DATETIME(6) NULL,
  version              BIGINT NOT NULL,
  priority             SMALLINT,
  PRIMARY KEY (task_name, task_instance),
  INDEX postroad_task_due (execution_time),
  INDEX postroad_task_beat (last_heartbeat)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What the deliveries of a process to a destination spent their time on, in the last interval in which it was busy.
CREATE TABLE IF NOT EXISTS postroad_pace (
  domain          VARCHAR(254) NOT NULL,
  node            VARCHAR(40)  NOT NULL,  -- the process
  written_at      BIGINT       NOT NULL,  -- at the end of the interval
  interval_ms     BIGINT       NOT NULL,  -- the interval measured
  finished        BIGINT       NOT NULL,  -- attempts that ended within the last minute
  concurrency     INTEGER      NOT NULL,  -- the limits in effect
  rate            VARCHAR(40),
  destinations    INTEGER      NOT NULL,
  concurrency_ms  BIGINT       NOT NULL,  -- what deliveries spent their time on, added up for all of them
  rate_ms         BIGINT       NOT NULL,
  connections_ms  BIGINT       NOT NULL,
  destinations_ms BIGINT       NOT NULL,
  database_ms     BIGINT       NOT NULL,
  server_ms       BIGINT       NOT NULL,
  PRIMARY KEY (node, domain)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The version, last: tables without it are half made, and made whole by these same statements.
CREATE TABLE IF NOT EXISTS postroad_schema (
  version INTEGER NOT NULL PRIMARY KEY
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT INTO postroad_schema (version) SELECT 4 FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM postroad_schema);
