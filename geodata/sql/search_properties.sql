-- Properties whose addresses, key or file reference contain every word of a text: the best first.
-- Parameters: municipality, typed, except_id, most. Longitude and latitude in degrees (EPSG:4326).
WITH asked AS (
    SELECT
        qm.search_normal(:typed) AS whole,
        ARRAY(
            SELECT '%' || word || '%'
            FROM unnest(string_to_array(qm.search_normal(:typed), ' ')) AS word
            WHERE word <> ''
        ) AS words
)
SELECT
    c.property_id, c.register, c.key, c.address_text, c.state, c.closed_on,
    public.ST_X(public.ST_Transform(c.geom, 4326)) AS longitude,
    public.ST_Y(public.ST_Transform(c.geom, 4326)) AS latitude
FROM qm.property_current AS c
CROSS JOIN asked
WHERE c.municipality = :municipality
  AND cardinality(asked.words) > 0
  AND c.search_text LIKE ALL (asked.words)
  AND c.property_id IS DISTINCT FROM :except_id
ORDER BY
    lower(c.key) = lower(btrim(:typed)) DESC,
    c.search_text LIKE asked.whole || ' %' DESC,
    c.search_text LIKE '%' || asked.whole || '%' DESC,
    c.closed_on IS NOT NULL,
    c.address_text,
    c.property_id
LIMIT :most
