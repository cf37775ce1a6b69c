-- What facts tell of properties that no register and no edit describes: the newest row gives address and use, the newest
-- row with a place gives the point. A file whose newest row is older than the facts that are stored tells nothing new;
-- a row without a date, such as a plan, is older than any other.
WITH described AS (
    SELECT s.*, p.id AS property_id
    FROM {staged} AS s
    LEFT JOIN qm.property AS p ON p.municipality = :municipality AND p.register = :register AND p.key = s.property_key
    LEFT JOIN qm.property_version AS v ON v.property_id = p.id AND v.superseded_at IS NULL
    LEFT JOIN qm.delivery AS d ON d.id = v.delivery_id
    WHERE NOT s.is_spared AND (v.id IS NULL OR d.source <> 'properties')
),
newest AS (
    SELECT DISTINCT ON (property_key) property_key, property_id, line, {dated_by} AS dated_on, address, postal_code, use_type
    FROM described
    ORDER BY property_key, {dated_by} DESC NULLS LAST, line DESC
),
placed AS (
    SELECT DISTINCT ON (property_key) property_key, geom
    FROM described
    WHERE geom IS NOT NULL
    ORDER BY property_key, {dated_by} DESC NULLS LAST, line DESC
)
SELECT n.property_key AS key, n.line, n.address, n.postal_code, n.use_type, public.ST_AsBinary(g.geom) AS geom
FROM newest AS n
LEFT JOIN placed AS g ON g.property_key = n.property_key
WHERE n.property_id IS NULL
   OR NOT EXISTS (
       SELECT FROM {table} AS t
       WHERE t.property_id = n.property_id AND t.superseded_at IS NULL AND t.{dated_by} > coalesce(n.dated_on, '-infinity')
   )
