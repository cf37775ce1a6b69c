-- Keys in force that a complete delivery lacks. Rejected rows of the file still tell that their key exists. What an edit
-- made, what already ended and what a newer delivery brought or confirmed stays as it is.
-- Parameters: :municipality, :as_of, :known_from.
CREATE TEMP TABLE {ended} ON COMMIT DROP AS
SELECT t.*
FROM {table} AS t
INNER JOIN qm.delivery AS d ON d.id = t.delivery_id
WHERE t.municipality = :municipality AND t.superseded_at IS NULL AND t.valid_to IS NULL
  AND CAST(:known_from AS date) IS NULL AND d.as_of <= :as_of AND t.valid_from <= :as_of
  AND {within}
  AND NOT EXISTS (SELECT FROM {named} AS n WHERE {n_is_t})
