-- Rank of an access level: a later one includes the earlier ones. Unknown codes have no rank.
CREATE OR REPLACE FUNCTION qm.access_rank(level text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_position(ARRAY['none', 'outside', 'common_areas', 'flat'], level);
