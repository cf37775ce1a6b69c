-- Takes back the versions that a delivery wrote (table `written`), those included whose period it cut, and revives what
-- stood there before, which is known by the moment of the delivery. Parameters: :municipality, :recorded_at, :moment.
CREATE TEMP TABLE {taken} ON COMMIT DROP AS
SELECT w.id, w.area_id FROM written AS w WHERE w.superseded_at IS NULL;

CREATE TEMP TABLE {revived} ON COMMIT DROP AS
SELECT t.* FROM {table} AS t WHERE t.municipality = :municipality AND t.superseded_at = :recorded_at;

UPDATE {table} AS t SET superseded_at = :moment FROM {taken} AS n WHERE n.id = t.id;

INSERT INTO {table} ({columns}, recorded_at)
SELECT {columns}, CAST(:moment AS timestamptz) FROM {revived}
