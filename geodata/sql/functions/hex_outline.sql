-- Outline (EPSG:25832) of the hexagon with this number; the inverse of qm.hex_cell.
CREATE OR REPLACE FUNCTION qm.hex_outline(cell bigint, edge_m double precision) RETURNS public.geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN public.ST_Hexagon(
    edge_m,
    (cell >> 32)::integer,
    (cell & 4294967295)::bit(32)::integer,
    public.ST_SetSRID(public.ST_MakePoint(0, 0), 25832)
);
