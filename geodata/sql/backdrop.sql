-- The quiet background of the map for a picture without tiles: water, green, railway and streets of a window, simplified.
-- The same rules as in context_tile.sql tell a through road from others and which delivery counts.
-- Parameters: :municipality text; :as_of date; :west, :south, :east, :north double = the window in degrees;
-- :tolerance_m double = how far a simplified line may lie beside the true one; :most integer = how many parts at most.
-- Columns: kind text; is_main boolean = a through road; geometry text = GeoJSON in EPSG:4326 with five decimals. What
-- fills much of the picture comes first, so that the limit drops what would be missed least.
WITH frame AS (
    SELECT public.ST_Transform(public.ST_MakeEnvelope(:west, :south, :east, :north, 4326), 25832) AS storage
),
part AS (
    SELECT
        c.kind,
        c.kind = 'street' AND (c.name LIKE '%er Straße' OR public.ST_Length(c.geom) >= 2000) AS is_main,
        public.ST_Simplify(public.ST_ClipByBox2D(c.geom, public.ST_Envelope(frame.storage)), :tolerance_m) AS geom,
        public.ST_Area(c.geom) + public.ST_Length(c.geom) AS extent
    FROM qm.context_feature AS c, frame
    WHERE c.municipality = :municipality
      AND c.kind IN ('water', 'green', 'railway', 'street')
      AND c.superseded_at IS NULL
      AND (c.valid_to IS NULL OR c.valid_to > :as_of)
      AND c.geom OPERATOR(public.&&) frame.storage
)
SELECT part.kind, part.is_main, public.ST_AsGeoJSON(public.ST_Transform(part.geom, 4326), 5, 0) AS geometry
FROM part
WHERE part.geom IS NOT NULL AND NOT public.ST_IsEmpty(part.geom)
ORDER BY part.kind = 'street', part.is_main DESC, part.extent DESC
LIMIT :most
