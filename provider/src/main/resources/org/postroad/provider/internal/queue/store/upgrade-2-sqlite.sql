-- From version 1 of the tables of the queue to version 2, for SQLite. All processes that work on the queue are to be stopped.

-- The tables are the same here.

UPDATE postroad_schema SET version = 2;
