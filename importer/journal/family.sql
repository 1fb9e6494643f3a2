-- What became of each row of a run, over every run that took it up again. Lies in a temporary database beside `journal`,
-- the run that is being read. Runs are numbered from the oldest; rows are named by where they came up first.

-- name: kin_tables
CREATE TABLE kin (
  run INTEGER NOT NULL, sheet INTEGER NOT NULL, row INTEGER NOT NULL,
  status TEXT NOT NULL, by INTEGER NOT NULL, adds INTEGER NOT NULL, lane INTEGER,
  name TEXT NOT NULL, value TEXT NOT NULL, successor_sheet INTEGER, successor_row INTEGER,
  PRIMARY KEY (run, sheet, row)
) WITHOUT ROWID;
CREATE TABLE past (
  source INTEGER NOT NULL, sheet INTEGER NOT NULL, row INTEGER NOT NULL,
  run INTEGER NOT NULL, first_sheet INTEGER NOT NULL, first_row INTEGER NOT NULL,
  PRIMARY KEY (source, sheet, row)
) WITHOUT ROWID;
CREATE TABLE last_of_lane (run INTEGER, lane INTEGER, last INTEGER, PRIMARY KEY (run, lane)) WITHOUT ROWID;
CREATE TABLE last_of_name (run INTEGER, name TEXT, value TEXT, last INTEGER, PRIMARY KEY (run, name, value)) WITHOUT ROWID;

-- name: past_table
CREATE TABLE IF NOT EXISTS past (
  sheet INTEGER NOT NULL, row INTEGER NOT NULL,
  run TEXT NOT NULL, first_sheet INTEGER NOT NULL, first_row INTEGER NOT NULL,
  PRIMARY KEY (sheet, row)
) WITHOUT ROWID;

-- name: add_past
INSERT INTO past (sheet, row, run, first_sheet, first_row) VALUES (?, ?, ?, ?, ?);

-- name: doubt
INSERT INTO intent (sheet, row, attempts, open, at) VALUES (?, ?, 0, 1, ?) ON CONFLICT (sheet, row) DO NOTHING;

-- name: read_past
INSERT INTO past SELECT :source, sheet, row, :run, first_sheet, first_row FROM journal.past WHERE run = :name;

-- name: past_runs
SELECT DISTINCT run FROM journal.past;

-- name: has_past
SELECT count(*) FROM journal.sqlite_schema WHERE type = 'table' AND name = 'past';

-- name: read_kin
INSERT INTO kin
SELECT coalesce(past.run, :source), coalesce(past.first_sheet, entry.sheet), coalesce(past.first_row, entry.row),
       coalesce(outcome.status, CASE WHEN coalesce(intent.open, 0) THEN 'unknown' ELSE 'not_sent' END), :by,
       entry.adds OR :awarding, lane.lane, entry.identifier_name, entry.identifier_value,
       outcome.successor_sheet, outcome.successor_row
FROM journal.entry AS entry
LEFT JOIN journal.outcome AS outcome USING (sheet, row)
LEFT JOIN journal.intent AS intent USING (sheet, row)
LEFT JOIN journal.lane AS lane USING (sheet, row)
LEFT JOIN past ON past.source = :source AND past.sheet = entry.sheet AND past.row = entry.row
WHERE :by = 0 OR (past.row IS NULL AND :by = :source)
  OR coalesce(outcome.status, '') NOT IN ('skipped', 'superseded')  -- not taken up, or passed over again: no news
ON CONFLICT (run, sheet, row) DO UPDATE SET
  status = excluded.status, by = excluded.by, adds = adds OR excluded.adds, name = excluded.name, value = excluded.value;

-- name: find_last_of_lane
INSERT INTO last_of_lane
SELECT run, lane, max((sheet << 40) | row) FROM kin
WHERE lane IS NOT NULL AND status IN ('updated', 'updated_with_warnings', 'partial', 'unchanged')
GROUP BY run, lane;

-- name: find_last_of_name
INSERT INTO last_of_name
SELECT run, name, value, max((sheet << 40) | row) FROM kin
WHERE name <> '' AND status IN ('updated', 'updated_with_warnings', 'partial', 'unchanged')
GROUP BY run, name, value;

-- name: earlier
SELECT asked.value ->> 0, asked.value ->> 1, own.run, own.sheet, own.row, own.status, own.by, own.adds, own.lane,
       next.status, next.adds
FROM json_each(:rows) AS asked
LEFT JOIN past ON past.source = :source AND past.sheet = asked.value ->> 0 AND past.row = asked.value ->> 1
JOIN kin AS own ON own.run = coalesce(past.run, :source)
  AND own.sheet = coalesce(past.first_sheet, asked.value ->> 0) AND own.row = coalesce(past.first_row, asked.value ->> 1)
LEFT JOIN kin AS next ON own.status = 'superseded' AND next.run = own.run
  AND next.sheet = own.successor_sheet AND next.row = own.successor_row;

-- name: later_in_lane
SELECT asked.key, last_of_lane.last
FROM json_each(:asked) AS asked
JOIN last_of_lane ON last_of_lane.run = asked.value ->> 0 AND last_of_lane.lane = asked.value ->> 1
WHERE last_of_lane.last > asked.value ->> 4;

-- name: later_of_name
SELECT asked.key, last_of_name.last
FROM json_each(:asked) AS asked
JOIN last_of_name ON last_of_name.run = asked.value ->> 0
  AND last_of_name.name = asked.value ->> 2 AND last_of_name.value = asked.value ->> 3
WHERE last_of_name.last > asked.value ->> 4;

-- name: who_said
SELECT by FROM kin WHERE run = ? AND sheet = ? AND row = ?;
