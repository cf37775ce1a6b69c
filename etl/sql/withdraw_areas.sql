-- Takes back the versions that a delivery wrote, those included whose period it cut, and revives what stood there before.
-- Both are known by the moment of the delivery. Parameters: :municipality, :recorded_at, :moment.
CREATE TEMP TABLE {taken} ON COMMIT DROP AS
SELECT t.* FROM {table} AS t WHERE t.municipality = :municipality AND t.recorded_at = :recorded_at;

CREATE TEMP TABLE {revived} ON COMMIT DROP AS
SELECT t.* FROM {table} AS t WHERE t.municipality = :municipality AND t.superseded_at = :recorded_at;

UPDATE {table} AS t SET superseded_at = :moment FROM {taken} AS n WHERE n.id = t.id AND t.superseded_at IS NULL;

INSERT INTO {table} ({columns}, recorded_at)
SELECT {columns}, CAST(:moment AS timestamptz) FROM {revived}
