-- The quiet background of the map in one vector tile: layers water, green, block, railway, street, building, each with
-- name and, for streets, rank (2 = through road, shown from afar). Deliveries have no class of road, so the name or the
-- length tells: a German street named after the place it leads to ("...er Straße") is a through road as a rule.
-- Parameters: :municipality text; :z, :x, :y integer = the tile; :as_of date; :kinds text[] = which kinds this zoom
-- shows; :is_every_street boolean = also those of rank 1.
-- Column: tile bytea, EPSG:3857 in tile units. The window is compared in storage (EPSG:25832), where the index is; the
-- 64 units of buffer hide the seams of lines and casings. A date before the first delivery shows that delivery: the
-- background carries no statement of its own, and without it nobody finds the way.
WITH frame AS (
    SELECT
        public.ST_TileEnvelope(:z, :x, :y) AS mercator,
        public.ST_Transform(public.ST_TileEnvelope(:z, :x, :y, margin => 64.0 / 4096), 25832) AS storage
),
feature AS (
    SELECT
        c.kind,
        c.name,
        CASE
            WHEN c.kind = 'street' AND (c.name LIKE '%er Straße' OR public.ST_Length(c.geom) >= 2000) THEN 2
            ELSE 1
        END AS rank,
        public.ST_AsMVTGeom(public.ST_Transform(c.geom, 3857), frame.mercator, 4096, 64) AS geom
    FROM qm.context_feature AS c, frame
    WHERE c.municipality = :municipality
      AND c.kind = ANY (CAST(:kinds AS text[]))
      AND c.superseded_at IS NULL
      AND (c.valid_to IS NULL OR c.valid_to > :as_of)
      AND c.geom OPERATOR(public.&&) frame.storage
),
layer AS (
    SELECT public.ST_AsMVT(feature, feature.kind, 4096, 'geom') AS tile
    FROM feature
    WHERE feature.geom IS NOT NULL AND (:is_every_street OR feature.kind <> 'street' OR feature.rank = 2)
    GROUP BY feature.kind
)
SELECT coalesce(string_agg(layer.tile, ''::bytea), ''::bytea) AS tile FROM layer
