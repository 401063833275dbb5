-- From version 1 of the tables of the queue to version 2, for MariaDB and MySQL. All processes that work on the queue are to be stopped.

-- Moments in UTC. A TIMESTAMP is local time to whoever writes it: nodes in other time zones took one another for dead, and what falls
-- into the hour that the server's zone leaves out in spring was refused.
ALTER TABLE postroad_task
  MODIFY execution_time DATETIME(6) NOT NULL,
  MODIFY last_success   DATETIME(6) NULL,
  MODIFY last_failure   DATETIME(6) NULL,
  MODIFY last_heartbeat DATETIME(6) NULL;

-- What was written in local time is due now, and nobody's; each destination is visited, and left until its own time.
UPDATE postroad_task SET execution_time = '1970-01-02 00:00:00', picked = FALSE, picked_by = NULL, last_heartbeat = NULL,
  last_success = NULL, last_failure = NULL;

UPDATE postroad_schema SET version = 2;
