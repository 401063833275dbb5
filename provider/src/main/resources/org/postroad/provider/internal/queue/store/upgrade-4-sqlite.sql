-- From version 3 of the tables of the queue to version 4, for SQLite. All processes that work on the queue are to be stopped.

-- SQLite cannot add a column conditionally, so the table is copied.
DROP TABLE IF EXISTS postroad_delivery_4;
CREATE TABLE IF NOT EXISTS postroad_delivery_4 (
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
  FOREIGN KEY (message_id) REFERENCES postroad_message (id) ON DELETE CASCADE
) WITHOUT ROWID;
INSERT INTO postroad_delivery_4 (message_id, domain, state, due_at, attempts, in_doubt, warned, hint, priority, not_before)
  SELECT message_id, domain, state, due_at, attempts, in_doubt, warned, hint, priority, not_before FROM postroad_delivery;
DROP TABLE postroad_delivery;
ALTER TABLE postroad_delivery_4 RENAME TO postroad_delivery;
CREATE INDEX IF NOT EXISTS postroad_delivery_lane ON postroad_delivery (domain, state, priority, due_at);
CREATE INDEX IF NOT EXISTS postroad_delivery_due ON postroad_delivery (state, priority, due_at, domain);

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
) WITHOUT ROWID;

-- The report of an attempt. Belongs to the history.
CREATE TABLE IF NOT EXISTS postroad_report (
  message_id      VARCHAR(40)  NOT NULL,
  domain          VARCHAR(254) NOT NULL,
  attempt         INTEGER      NOT NULL,
  ended_at        BIGINT       NOT NULL,
  report          BLOB         NOT NULL,  -- JSON, compressed (RFC 1950)
  PRIMARY KEY (message_id, domain, attempt),
  FOREIGN KEY (message_id) REFERENCES postroad_history (id) ON DELETE CASCADE
) WITHOUT ROWID;

UPDATE postroad_schema SET version = 4;
