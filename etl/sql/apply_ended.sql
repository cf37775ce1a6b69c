-- Supersedes what ended and appends it with its last day. It has no hash, because an end is not the content of any file:
-- the next delivery that names the key brings it back. What began on that very day leaves no period behind.
UPDATE {table} AS t
SET superseded_at = :moment
FROM {ended} AS e
WHERE t.id = e.id;

INSERT INTO {table} (municipality, {columns}, valid_from, valid_to, delivery_id, content_hash, recorded_at)
SELECT e.municipality, {values}, e.valid_from, :as_of, {delivery_id}, {content_hash}, :moment
FROM {ended} AS e
WHERE e.valid_from < :as_of
