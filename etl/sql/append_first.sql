-- A chunk of a first load into the bare table, in the order of the file. Parameters: :municipality, :delivery_id, :moment.
INSERT INTO {table} (municipality, {columns}, delivery_id, recorded_at)
SELECT CAST(:municipality AS text), {columns}, CAST(:delivery_id AS bigint), CAST(:moment AS timestamptz)
FROM {staged};

TRUNCATE {staged}
