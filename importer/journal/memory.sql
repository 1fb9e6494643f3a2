-- What target systems have accepted, over all runs: `accepted.db` in `.importer/`. While a run is at work, its journal is
-- attached as `journal`. Customers, contents and credits are 128-bit digests; nobody can read them back.

-- name: memory_tables
CREATE TABLE system (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, last INTEGER NOT NULL DEFAULT 0);
CREATE TABLE scope (number INTEGER PRIMARY KEY, targets TEXT NOT NULL UNIQUE);
CREATE TABLE accepted (
  system   INTEGER NOT NULL,
  customer BLOB NOT NULL,
  scope    INTEGER NOT NULL,
  content  BLOB NOT NULL,
  seq      INTEGER NOT NULL,  -- ascends in the order in which contents were accepted
  PRIMARY KEY (system, customer, scope)
) WITHOUT ROWID;
CREATE TABLE credit (
  system  INTEGER NOT NULL,
  id      BLOB NOT NULL,
  state   TEXT NOT NULL,      -- claimed (a run is about to send it), accepted, perhaps
  doubtful INTEGER NOT NULL,  -- claimed, and an earlier run had perhaps applied it
  content BLOB NOT NULL,
  run     TEXT NOT NULL,      -- the folder, from the one that holds .importer/
  sheet   INTEGER NOT NULL,
  row     INTEGER NOT NULL,
  PRIMARY KEY (system, id)
) WITHOUT ROWID;

-- name: content_table
CREATE TABLE IF NOT EXISTS content (
  sheet    INTEGER NOT NULL,
  row      INTEGER NOT NULL,
  customer BLOB NOT NULL,
  content  BLOB NOT NULL,
  credit   BLOB,
  seq      INTEGER,           -- of the memory, where the row's own content was the last one accepted
  told     INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (sheet, row)
) WITHOUT ROWID;

-- name: add_system
INSERT INTO system (key) VALUES (?) ON CONFLICT (key) DO NOTHING;

-- name: system
SELECT number FROM system WHERE key = ?;

-- name: add_scope
INSERT INTO scope (targets) VALUES (?) ON CONFLICT (targets) DO NOTHING;

-- name: scopes
SELECT number, targets FROM scope;

-- name: any_accepted
SELECT 1 FROM accepted WHERE system = ? LIMIT 1;

-- name: known
SELECT customer, content, seq FROM accepted WHERE system = ? AND scope = ? AND customer IN (:keys);

-- name: add_content
INSERT INTO content (sheet, row, customer, content, credit, seq) VALUES (?, ?, ?, ?, ?, ?);

-- name: merged_contents
SELECT new.customer, new.sheet, new.row, part.content
FROM (
  SELECT successor_sheet AS to_sheet, successor_row AS to_row, sheet, row FROM journal.outcome WHERE status = 'superseded'
  UNION
  SELECT successor_sheet, successor_row, successor_sheet, successor_row FROM journal.outcome WHERE status = 'superseded'
) AS parts
JOIN journal.content AS part ON part.sheet = parts.sheet AND part.row = parts.row
JOIN journal.content AS new ON new.sheet = parts.to_sheet AND new.row = parts.to_row
ORDER BY new.customer, new.sheet, new.row, part.sheet, part.row;

-- name: chained_contents
SELECT customer, sheet, row, content FROM (
  SELECT content.customer AS customer, content.sheet AS sheet, content.row AS row, content.content AS content,
         count(*) OVER (PARTITION BY content.customer) AS rows
  FROM journal.lane AS lane
  JOIN journal.content AS content USING (sheet, row)
  LEFT JOIN journal.outcome AS outcome USING (sheet, row)
  WHERE outcome.row IS NULL AND content.credit IS NULL
)
WHERE rows > 1
ORDER BY customer, sheet, row;

-- name: set_content
UPDATE content SET content = ?, seq = ? WHERE sheet = ? AND row = ?;

-- name: to_compare
SELECT content.sheet, content.row, lane.lane, content.seq
FROM journal.content AS content
LEFT JOIN journal.outcome AS outcome USING (sheet, row)
LEFT JOIN journal.lane AS lane USING (sheet, row)
WHERE outcome.row IS NULL
ORDER BY content.sheet, content.row;

-- name: lanes
SELECT coalesce(max(lane) + 1, 0) FROM journal.lane;

-- name: forget_waiting
DELETE FROM accepted WHERE system = :system AND scope IN (SELECT value FROM json_each(:scopes)) AND customer IN (
  SELECT content.customer FROM journal.content AS content
  LEFT JOIN journal.outcome AS outcome USING (sheet, row) WHERE outcome.row IS NULL);

-- name: remember_accepted
INSERT INTO accepted
SELECT :system, content.customer, :scope, content.content,
       (SELECT last FROM system WHERE number = :system) + row_number() OVER (ORDER BY content.sheet, content.row)
FROM journal.content AS content
JOIN journal.outcome AS outcome USING (sheet, row)
WHERE NOT content.told AND outcome.status IN ('updated', 'updated_with_warnings')
ORDER BY content.sheet, content.row
ON CONFLICT (system, customer, scope) DO UPDATE SET content = excluded.content, seq = excluded.seq;

-- name: forget_doubtful
DELETE FROM accepted WHERE system = :system AND scope IN (SELECT value FROM json_each(:scopes)) AND customer IN (
  SELECT content.customer FROM journal.content AS content
  LEFT JOIN journal.outcome AS outcome USING (sheet, row)
  WHERE coalesce(outcome.status, '') NOT IN ('updated', 'updated_with_warnings', 'unchanged', 'superseded'));

-- name: advance
UPDATE system SET last = last + (SELECT count(*) FROM journal.content) WHERE number = :system;

-- name: mark_told
UPDATE content SET told = 1 WHERE NOT told AND (sheet, row) IN (SELECT sheet, row FROM outcome);

-- name: foreign_claims
SELECT DISTINCT credit.run
FROM journal.content AS content
JOIN credit ON credit.system = :system AND credit.id = content.credit
LEFT JOIN journal.outcome AS outcome ON outcome.sheet = content.sheet AND outcome.row = content.row
WHERE credit.state = 'claimed' AND credit.run <> :run AND outcome.row IS NULL;

-- name: doubt_claims
UPDATE credit SET state = 'perhaps' WHERE system = :system AND run = :run AND state = 'claimed';

-- name: settle_accepted
UPDATE credit SET state = 'accepted' WHERE system = :system AND run = :run AND state = 'claimed' AND (sheet, row) IN (
  SELECT sheet, row FROM other.outcome WHERE status IN ('updated', 'updated_with_warnings', 'partial'));

-- name: settle_perhaps
UPDATE credit SET state = 'perhaps' WHERE system = :system AND run = :run AND state = 'claimed' AND (sheet, row) IN (
  SELECT sheet, row FROM other.intent LEFT JOIN other.outcome AS outcome USING (sheet, row)
  WHERE outcome.status = 'unknown' OR (outcome.status IS NULL AND intent.open));

-- name: settle_free
DELETE FROM credit WHERE system = :system AND run = :run AND state = 'claimed' AND (sheet, row) IN (
  SELECT sheet, row FROM other.outcome WHERE NOT credit.doubtful OR status = 'rejected');

-- name: settle_doubtful
UPDATE credit SET state = 'perhaps' WHERE system = :system AND run = :run AND state = 'claimed' AND doubtful
  AND (sheet, row) IN (SELECT sheet, row FROM other.outcome);

-- name: free_claims
DELETE FROM credit WHERE system = :system AND run = :run AND state = 'claimed';

-- name: claim
INSERT INTO credit
SELECT :system, content.credit, 'claimed', 0, content.content, :run, content.sheet, content.row
FROM journal.content AS content
LEFT JOIN journal.outcome AS outcome ON outcome.sheet = content.sheet AND outcome.row = content.row
WHERE content.credit IS NOT NULL AND outcome.row IS NULL
ORDER BY content.sheet, content.row
ON CONFLICT (system, id) DO UPDATE SET
  doubtful = credit.doubtful OR credit.state = 'perhaps',
  state = 'claimed', content = excluded.content, run = excluded.run, sheet = excluded.sheet, row = excluded.row
WHERE (credit.state = 'claimed' AND credit.run <> :run AND credit.run NOT IN (SELECT value FROM json_each(:live))
       AND (:unknown OR NOT credit.doubtful))
   OR (credit.state = 'perhaps' AND :unknown);

-- name: credits
SELECT content.sheet, content.row, credit.state, credit.run = :run, credit.doubtful, credit.content = content.content,
       credit.run, credit.sheet, credit.row
FROM journal.content AS content
JOIN credit ON credit.system = :system AND credit.id = content.credit
LEFT JOIN journal.outcome AS outcome ON outcome.sheet = content.sheet AND outcome.row = content.row
WHERE outcome.row IS NULL
  AND (credit.doubtful OR credit.state <> 'claimed'
       OR credit.run <> :run OR credit.sheet <> content.sheet OR credit.row <> content.row)
ORDER BY content.sheet, content.row;

-- name: beyond
SELECT entry.sheet, entry.row FROM journal.entry AS entry
LEFT JOIN journal.outcome AS outcome USING (sheet, row)
WHERE outcome.row IS NULL ORDER BY entry.sheet, entry.row LIMIT -1 OFFSET :limit;
