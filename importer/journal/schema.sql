-- The journal of one run. Times are ISO 8601 in UTC; structured cells are JSON.

CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE sheet (
  number    INTEGER PRIMARY KEY,
  label     TEXT NOT NULL,
  path      TEXT NOT NULL,
  digest    TEXT NOT NULL,
  worksheet TEXT NOT NULL,
  header    TEXT NOT NULL
);

-- One line for every row read, written by the first pass.
CREATE TABLE entry (
  sheet            INTEGER NOT NULL,
  row              INTEGER NOT NULL,
  line             INTEGER NOT NULL,
  identifier_name  TEXT NOT NULL,
  identifier_value TEXT NOT NULL,
  adds             INTEGER NOT NULL,
  PRIMARY KEY (sheet, row)
) WITHOUT ROWID;

CREATE TABLE lane (
  sheet INTEGER NOT NULL,
  row   INTEGER NOT NULL,
  lane  INTEGER NOT NULL,
  PRIMARY KEY (sheet, row)
) WITHOUT ROWID;

CREATE TABLE problem (
  sheet  INTEGER NOT NULL,
  row    INTEGER NOT NULL,
  slug   TEXT NOT NULL,
  "column" TEXT NOT NULL,
  value  TEXT NOT NULL,
  target TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX problem_by_row ON problem (sheet, row);

-- What was about to leave: an attempt whose intent is open may have been applied.
CREATE TABLE intent (
  sheet    INTEGER NOT NULL,
  row      INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  open     INTEGER NOT NULL,
  at       TEXT NOT NULL,
  PRIMARY KEY (sheet, row)
) WITHOUT ROWID;

-- How a row ended.
CREATE TABLE outcome (
  sheet         INTEGER NOT NULL,
  row           INTEGER NOT NULL,
  status        TEXT NOT NULL,
  code          TEXT NOT NULL,
  message       TEXT NOT NULL,
  warnings      TEXT NOT NULL,
  side_effects  TEXT NOT NULL,
  http_status   INTEGER,
  customer_id   TEXT NOT NULL,
  attempts      INTEGER NOT NULL,
  latency_ms    REAL,
  request_id    TEXT NOT NULL,
  sent_at       TEXT NOT NULL,
  successor_sheet INTEGER,
  successor_row   INTEGER,
  PRIMARY KEY (sheet, row)
) WITHOUT ROWID;
