-- Takes back the things that a delivery described, and revives what each of them was before. A thing that came with this
-- delivery alone stays while a row of another one still names it: an ownership without an owner would tell nothing.
-- Parameters: :municipality, :delivery_id, :moment; the rows of the delivery are taken back before.
CREATE TEMP TABLE {taken} ON COMMIT DROP AS
SELECT t.* FROM {table} AS t
WHERE t.municipality = :municipality AND t.delivery_id = :delivery_id AND t.superseded_at IS NULL;

CREATE TEMP TABLE {revived} ON COMMIT DROP AS
SELECT DISTINCT ON (t.key) t.*
FROM {table} AS t
INNER JOIN {taken} AS n ON n.key = t.key AND t.recorded_at < n.recorded_at
LEFT JOIN qm.delivery AS d ON d.id = t.delivery_id
WHERE t.municipality = :municipality AND t.superseded_at IS NOT NULL AND d.withdrawn_at IS NULL
ORDER BY t.key, t.recorded_at DESC, t.id DESC;

DELETE FROM {taken} AS n
WHERE NOT EXISTS (SELECT FROM {revived} AS r WHERE r.key = n.key)
  AND EXISTS (
      SELECT FROM {rows} AS o
      WHERE o.municipality = :municipality AND o.superseded_at IS NULL AND o.{key} = n.key
  );

UPDATE {table} AS t SET superseded_at = :moment FROM {taken} AS n WHERE n.id = t.id;

INSERT INTO {table} ({columns}, recorded_at)
SELECT {columns}, CAST(:moment AS timestamptz) FROM {revived}
