-- Demolition projects that exist on a date, one row each, by the rules of geodata/progress.py, for figures of a whole
-- city: reading every stage of 5,000 projects took seconds. Parameters: :municipality text, :as_of date. Columns:
-- property_id, project_key, status (running, done, ended), is_down, is_blocked, progress (0 to 1), slip_days (NULL = the
-- plan has no date, or the project ended). Row policies are the caller's.
WITH planned AS (
    SELECT DISTINCT d.property_id, d.project_key
    FROM qm.demolition_stage AS d
    WHERE d.municipality = :municipality AND d.superseded_at IS NULL AND d.aspect = 'plan'
),
merged AS (
    SELECT
        d.property_id,
        d.project_key,
        k.code AS stage,
        k.sort,
        k.weight,
        coalesce(bool_and(d.is_required) FILTER (WHERE d.aspect = 'plan'), true) AS is_required,
        coalesce(max(d.actual_end_on) <= CAST(:as_of AS date), false) AS is_done,
        max(d.planned_end_on) AS planned_end_on,
        max(d.actual_end_on) AS actual_end_on,
        max(d.blocker) AS blocker,
        min(d.blocked_since_on) AS blocked_since_on,
        max(d.blocked_until_on) AS blocked_until_on,
        min(d.decided_on) AS decided_on,
        min(d.ended_on) AS ended_on,
        min(least(d.actual_start_on, d.actual_end_on, d.blocked_since_on, d.ended_on)) AS first_on,
        (min(d.recorded_at) AT TIME ZONE 'Europe/Berlin')::date AS learnt_on
    FROM qm.demolition_stage AS d
    INNER JOIN planned ON planned.property_id = d.property_id AND planned.project_key = d.project_key
    INNER JOIN qm.demolition_stage_kind AS k ON k.code = d.stage
    WHERE d.municipality = :municipality AND d.superseded_at IS NULL
    GROUP BY d.property_id, d.project_key, k.code, k.sort, k.weight
),
project AS (
    SELECT
        property_id,
        project_key,
        coalesce(min(decided_on), least(min(first_on), min(learnt_on))) AS since_on,
        coalesce(bool_or(ended_on <= CAST(:as_of AS date)), false) AS is_ended,
        coalesce(bool_and(is_done) FILTER (WHERE is_required), false) AS is_complete,
        bool_or(is_done AND stage = 'demolition') AS is_down,
        bool_or(
            is_required AND NOT is_done AND blocker IS NOT NULL
            AND (blocked_since_on IS NULL OR blocked_since_on <= CAST(:as_of AS date))
            AND (blocked_until_on IS NULL OR blocked_until_on > CAST(:as_of AS date))
        ) AS is_blocked,
        coalesce(
            sum(weight) FILTER (WHERE is_required AND is_done) / sum(weight) FILTER (WHERE is_required), 0
        )::double precision AS progress,
        bool_or(is_required AND planned_end_on IS NOT NULL) AS is_dated,
        (
            array_agg(actual_end_on - planned_end_on ORDER BY sort DESC)
            FILTER (WHERE is_required AND is_done AND planned_end_on IS NOT NULL)
        )[1] AS slip_of_last_days,
        max(CAST(:as_of AS date) - planned_end_on)
            FILTER (WHERE is_required AND NOT is_done AND planned_end_on < CAST(:as_of AS date)) AS late_days
    FROM merged
    GROUP BY property_id, project_key
)
SELECT
    property_id,
    project_key,
    CASE WHEN is_ended THEN 'ended' WHEN is_complete THEN 'done' ELSE 'running' END AS status,
    is_down,
    is_blocked AND NOT is_ended AS is_blocked,
    progress,
    CASE WHEN is_dated AND NOT is_ended THEN coalesce(greatest(slip_of_last_days, late_days), 0) END AS slip_days
FROM project
WHERE since_on <= CAST(:as_of AS date)
