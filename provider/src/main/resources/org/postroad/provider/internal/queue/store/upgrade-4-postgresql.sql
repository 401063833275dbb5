-- From version 3 of the tables of the queue to version 4, for PostgreSQL. All processes that work on the queue are to be stopped.

ALTER TABLE postroad_delivery ADD COLUMN IF NOT EXISTS failure_class VARCHAR(20);
ALTER TABLE postroad_delivery ADD COLUMN IF NOT EXISTS failure_status VARCHAR(12);
ALTER TABLE postroad_delivery ADD COLUMN IF NOT EXISTS failure_reason VARCHAR(120);

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
);

-- The report of an attempt. Belongs to the history.
CREATE TABLE IF NOT EXISTS postroad_report (
  message_id      VARCHAR(40)  NOT NULL,
  domain          VARCHAR(254) NOT NULL,
  attempt         INTEGER      NOT NULL,
  ended_at        BIGINT       NOT NULL,
  report          BYTEA        NOT NULL,  -- JSON, compressed (RFC 1950)
  PRIMARY KEY (message_id, domain, attempt),
  FOREIGN KEY (message_id) REFERENCES postroad_history (id) ON DELETE CASCADE
);

UPDATE postroad_schema SET version = 4;
