-- name: note
INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: facts
SELECT name, value FROM fact;

-- name: add_sheet
INSERT INTO sheet (number, label, path, digest, worksheet, header) VALUES (?, ?, ?, ?, ?, ?);

-- name: sheets
SELECT number, label, path, digest, worksheet, header FROM sheet ORDER BY number;

-- name: add_entry
INSERT INTO entry (sheet, row, line, identifier_name, identifier_value, adds) VALUES (?, ?, ?, ?, ?, ?);

-- name: add_problem
INSERT INTO problem (sheet, row, slug, "column", value, target, detail) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: problems
SELECT sheet, row, slug, "column", value, target, detail FROM problem ORDER BY sheet, row, rowid;

-- name: problems_of_row
SELECT row, slug, "column", value, target, detail FROM problem WHERE sheet = ? AND row = ? ORDER BY rowid;

-- name: set_lane
INSERT INTO lane (sheet, row, lane) VALUES (?, ?, ?);

-- name: conclude
INSERT INTO outcome (sheet, row, status, code, message, warnings, side_effects, http_status, customer_id, attempts,
                     latency_ms, request_id, sent_at, successor_sheet, successor_row)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (sheet, row) DO NOTHING;

-- name: group_view
-- Of one connection: a line put into it is a whole group, written in one statement, which is one transaction. Its cells
-- are JSON arrays of lines.
CREATE TEMP VIEW said (outcomes, withdrawn, intents, awarding) AS SELECT NULL, NULL, NULL, NULL;
CREATE TEMP TRIGGER write_group INSTEAD OF INSERT ON said BEGIN
  INSERT INTO outcome (sheet, row, status, code, message, warnings, side_effects, http_status, customer_id, attempts,
                       latency_ms, request_id, sent_at, successor_sheet, successor_row)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13, value ->> 14
  FROM json_each(NEW.outcomes) WHERE true
  ON CONFLICT (sheet, row) DO NOTHING;
  UPDATE intent SET open = 0
  WHERE (sheet, row) IN (SELECT value ->> 0, value ->> 1 FROM json_each(NEW.withdrawn));
  INSERT INTO intent (sheet, row, attempts, open, at)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(NEW.intents) WHERE true
  ON CONFLICT (sheet, row) DO UPDATE SET attempts = excluded.attempts, open = excluded.open, at = excluded.at;
  INSERT INTO fact (name, value) SELECT 'awarding', 'true' WHERE NEW.awarding
  ON CONFLICT (name) DO UPDATE SET value = excluded.value;
END;

-- name: write_group
INSERT INTO said (outcomes, withdrawn, intents, awarding) VALUES (?, ?, ?, ?);

-- name: close_intents
UPDATE intent SET open = 0
WHERE (sheet, row) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?));

-- name: waiting
SELECT json_group_array(json_array(
  entry.row, lane.lane, entry.adds, coalesce(intent.attempts, 0), coalesce(intent.open, 0)))
FROM entry
LEFT JOIN outcome USING (sheet, row)
LEFT JOIN lane USING (sheet, row)
LEFT JOIN intent USING (sheet, row)
WHERE entry.sheet = ? AND entry.row BETWEEN ? AND ? AND outcome.row IS NULL
ORDER BY entry.row;

-- name: first_of_lanes
SELECT lane.lane, lane.sheet, min(lane.row)
FROM lane
LEFT JOIN outcome USING (sheet, row)
WHERE lane.lane IN (SELECT value FROM json_each(?)) AND outcome.row IS NULL
GROUP BY lane.lane, lane.sheet
ORDER BY lane.sheet DESC;

-- name: overtaken
SELECT old.row, old.successor_sheet, old.successor_row
FROM outcome AS old
LEFT JOIN outcome AS new ON new.sheet = old.successor_sheet AND new.row = old.successor_row
WHERE old.sheet = ? AND old.row BETWEEN ? AND ? AND old.status = 'superseded' AND new.row IS NULL
ORDER BY old.row;

-- name: in_doubt
SELECT intent.sheet, intent.row, intent.attempts, intent.at
FROM intent
JOIN entry USING (sheet, row)
LEFT JOIN outcome USING (sheet, row)
WHERE intent.open AND outcome.row IS NULL
  AND (entry.adds OR EXISTS (SELECT 1 FROM fact WHERE name = 'awarding'))
ORDER BY intent.sheet, intent.row;

-- name: hand_on_adding
UPDATE entry SET adds = 1
WHERE NOT adds AND (sheet, row) IN (
  SELECT outcome.successor_sheet, outcome.successor_row
  FROM outcome JOIN entry AS old USING (sheet, row)
  WHERE outcome.status = 'superseded' AND old.adds);

-- name: remarkable
SELECT outcome.sheet, outcome.row, outcome.status, outcome.warnings, outcome.side_effects, entry.adds
FROM outcome JOIN entry USING (sheet, row)
WHERE outcome.warnings <> '' OR outcome.side_effects <> '';

-- name: rows_read
SELECT count(*) FROM entry;

-- name: left
SELECT count(*) FROM entry LEFT JOIN outcome USING (sheet, row) WHERE outcome.row IS NULL;

-- name: counts
SELECT CASE
         WHEN outcome.status IS NOT NULL THEN outcome.status
         WHEN coalesce(intent.open, 0) THEN 'unknown'
         ELSE :waiting
       END AS status,
       count(*)
FROM entry
LEFT JOIN outcome USING (sheet, row)
LEFT JOIN intent USING (sheet, row)
GROUP BY 1;

-- name: strays
SELECT count(*) FROM outcome LEFT JOIN entry USING (sheet, row) WHERE entry.row IS NULL;

-- name: superseded_badly
SELECT count(*)
FROM outcome AS old
LEFT JOIN outcome AS new ON new.sheet = old.successor_sheet AND new.row = old.successor_row
WHERE old.status = 'superseded' AND old.successor_row IS NOT NULL  -- else an earlier run's row, which was accepted
  AND coalesce(new.status, :waiting) NOT IN ('updated', 'updated_with_warnings', 'unchanged', 'skipped', 'planned');

-- name: problem_counts
SELECT slug, count(*) FROM problem GROUP BY slug ORDER BY 2 DESC, 1;

-- name: code_counts
SELECT code, count(*) FROM outcome WHERE attempts > 0 AND code <> '' GROUP BY code ORDER BY 2 DESC, 1;

-- name: results
SELECT sheet.label, entry.line, entry.identifier_name, entry.identifier_value, entry.adds,
       entry.sheet, entry.row, outcome.status, outcome.code, outcome.message, outcome.warnings, outcome.side_effects,
       outcome.http_status, outcome.customer_id, coalesce(outcome.attempts, intent.attempts, 0), outcome.latency_ms,
       outcome.request_id, coalesce(nullif(outcome.sent_at, ''), intent.at, ''),
       outcome.successor_sheet, outcome.successor_row, coalesce(intent.open, 0)
FROM entry
JOIN sheet ON sheet.number = entry.sheet
LEFT JOIN outcome ON outcome.sheet = entry.sheet AND outcome.row = entry.row
LEFT JOIN intent ON intent.sheet = entry.sheet AND intent.row = entry.row
ORDER BY entry.sheet, entry.row;

-- name: results_unwell
SELECT sheet.label, entry.line, entry.identifier_name, entry.identifier_value, entry.adds,
       entry.sheet, entry.row, outcome.status, outcome.code, outcome.message, outcome.warnings, outcome.side_effects,
       outcome.http_status, outcome.customer_id, coalesce(outcome.attempts, intent.attempts, 0), outcome.latency_ms,
       outcome.request_id, coalesce(nullif(outcome.sent_at, ''), intent.at, ''),
       outcome.successor_sheet, outcome.successor_row, coalesce(intent.open, 0)
FROM entry
JOIN sheet ON sheet.number = entry.sheet
LEFT JOIN outcome ON outcome.sheet = entry.sheet AND outcome.row = entry.row
LEFT JOIN intent ON intent.sheet = entry.sheet AND intent.row = entry.row
LEFT JOIN outcome AS new ON new.sheet = outcome.successor_sheet AND new.row = outcome.successor_row
WHERE CASE
        WHEN outcome.status IS NULL THEN :waiting <> 'planned' OR coalesce(intent.open, 0)
        WHEN outcome.status = 'superseded'
          THEN coalesce(new.status, :waiting) NOT IN ('updated', 'updated_with_warnings', 'unchanged', 'skipped', 'planned')
        ELSE outcome.status NOT IN ('updated', 'updated_with_warnings', 'unchanged', 'skipped', 'planned')
      END
ORDER BY entry.sheet, entry.row;

-- name: sent_span
SELECT min(sent_at), max(sent_at), count(*) FROM outcome WHERE attempts > 0 AND sent_at <> '';

-- name: slices
-- Latencies to two digits: so few lines a slice of time that any number of rows can be read.
SELECT CAST(round((julianday(sent_at) - julianday(:start)) * 86400000.0) AS INTEGER) / :width_ms AS slice,
       CASE
         WHEN latency_ms < 10 THEN round(latency_ms, 1)
         WHEN latency_ms < 100 THEN round(latency_ms)
         WHEN latency_ms < 1000 THEN round(latency_ms / 10.0) * 10
         WHEN latency_ms < 10000 THEN round(latency_ms / 100.0) * 100
         ELSE round(latency_ms / 1000.0) * 1000
       END AS latency,
       count(*), sum(attempts - 1)
FROM outcome
WHERE attempts > 0 AND sent_at <> ''
GROUP BY 1, 2
ORDER BY 1, 2;

-- name: fastest_seconds
SELECT second * 1000 / :width_ms, max(rows)
FROM (
  SELECT CAST(round((julianday(sent_at) - julianday(:start)) * 86400000.0) AS INTEGER) / 1000 AS second, count(*) AS rows
  FROM outcome
  WHERE attempts > 0 AND sent_at <> ''
  GROUP BY 1)
GROUP BY 1;

-- name: reply_causes
-- What was said of rows that did not end well, with the first row it was said of.
SELECT coalesce(outcome.status, CASE WHEN intent.open THEN 'unknown' ELSE :waiting END) AS ended,
       coalesce(outcome.code, ''), count(*), min((entry.sheet << 40) | entry.row), coalesce(outcome.message, '')
FROM entry
LEFT JOIN outcome ON outcome.sheet = entry.sheet AND outcome.row = entry.row
LEFT JOIN intent ON intent.sheet = entry.sheet AND intent.row = entry.row
WHERE ended IN ('rejected', 'failed', 'unknown', 'not_sent')
GROUP BY 1, 2
ORDER BY 3 DESC, 1, 2
LIMIT :most;

-- name: warning_counts
SELECT warning.value ->> 0, count(*), min((sheet << 40) | row), warning.value ->> 1
FROM outcome, json_each(outcome.warnings) AS warning
WHERE outcome.warnings <> ''
GROUP BY 1
ORDER BY 2 DESC, 1
LIMIT :most;

-- name: error_counts
SELECT code, count(*), min((sheet << 40) | row), message
FROM outcome
WHERE status IN ('rejected', 'failed', 'unknown') AND code <> ''
GROUP BY 1
ORDER BY 2 DESC, 1
LIMIT :most;

-- name: largest_lanes
SELECT lane.rows, entry.sheet, entry.row, entry.identifier_name, entry.identifier_value
FROM (SELECT count(*) AS rows, min((sheet << 40) | row) AS first FROM lane GROUP BY lane ORDER BY 1 DESC, 2 LIMIT :most) AS lane
JOIN entry ON entry.sheet = lane.first >> 40 AND entry.row = lane.first & ((1 << 40) - 1)
ORDER BY lane.rows DESC, lane.first;

-- name: rows_of_sheets
SELECT sheet, count(*) FROM entry GROUP BY sheet;
