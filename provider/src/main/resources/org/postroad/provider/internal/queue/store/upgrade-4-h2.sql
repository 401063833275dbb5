-- From version 3 of the tables of the queue to version 4, for H2. All processes that work on the queue are to be stopped.

-- The report of an attempt. Belongs to the history.
CREATE TABLE IF NOT EXISTS postroad_report (
  message_id      VARCHAR(40)  NOT NULL,
  domain          VARCHAR(254) NOT NULL,
  attempt         INTEGER      NOT NULL,
  ended_at        BIGINT       NOT NULL,
  report          BLOB         NOT NULL,  -- JSON, compressed (RFC 1950)
  PRIMARY KEY (message_id, domain, attempt),
  FOREIGN KEY (message_id) REFERENCES postroad_history (id) ON DELETE CASCADE
);

UPDATE postroad_schema SET version = 4;
