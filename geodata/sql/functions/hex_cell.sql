-- Number of the hexagon (edge in metres, EPSG:25832, origin 0/0) in which a point lies. The numbering is that of
-- ST_Hexagon(edge, i, j): columns stand 1.5 edges apart, odd columns are shifted by half a height. The column index is
-- in the upper 32 bits, the row index in the lower.
CREATE OR REPLACE FUNCTION qm.hex_cell(x double precision, y double precision, edge_m double precision)
RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    height_m CONSTANT double precision := edge_m * sqrt(3.0);
    i_left CONSTANT bigint := floor(x / (1.5 * edge_m));
    i_right CONSTANT bigint := i_left + 1;
    j_left CONSTANT bigint := round((y - (i_left & 1) * height_m / 2) / height_m);
    j_right CONSTANT bigint := round((y - (i_right & 1) * height_m / 2) / height_m);
    from_left CONSTANT double precision :=
        (x - 1.5 * edge_m * i_left) ^ 2 + (y - height_m * j_left - (i_left & 1) * height_m / 2) ^ 2;
    from_right CONSTANT double precision :=
        (x - 1.5 * edge_m * i_right) ^ 2 + (y - height_m * j_right - (i_right & 1) * height_m / 2) ^ 2;
BEGIN
    -- Shifts, because both indexes may be negative where a foreign city lies far outside zone 32.
    IF from_left <= from_right THEN
        RETURN (i_left << 32) | (j_left & 4294967295);
    END IF;
    RETURN (i_right << 32) | (j_right & 4294967295);
END
$$;
