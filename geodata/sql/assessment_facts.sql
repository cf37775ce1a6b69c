-- Facts about buildings and proceedings that contribute to an assessment: property_id, code of the contribution, since_on
-- (NULL = not dated), what (codes that say what exactly). Parameters: :municipality text, :as_of date = that of the derived
-- tables, :property_ids bigint[] or NULL for all. {groups} are the defects of each contribution, text of ours.
-- Counts of persons, households or dwellings, and anything about residents, are never read here: a test holds the list of
-- columns. The pseudo code `known` is the last completed control that got in at all.
WITH defect_group (code, defects) AS (
    VALUES {groups}
),
current AS (
    SELECT c.property_id, c.state, c.state_since_on
    FROM qm.property_current AS c
    WHERE c.municipality = :municipality AND c.closed_on IS NULL AND c.demolished_on IS NULL
      AND (CAST(:property_ids AS bigint[]) IS NULL OR c.property_id = ANY (CAST(:property_ids AS bigint[])))
),
visit AS (
    SELECT
        i.property_id, i.control_type, i.inspected_on, i.running_number, i.id, i.result, i.defects,
        qm.access_rank(i.access_reached) AS access_rank
    FROM qm.inspection AS i
    INNER JOIN current AS c ON c.property_id = i.property_id
    WHERE i.municipality = :municipality AND i.superseded_at IS NULL AND i.inspected_on <= :as_of
),
completed AS (
    SELECT * FROM visit WHERE result <> 'not_completed' AND access_rank > qm.access_rank('none')
),
-- The last control that found a defect of the group.
found AS (
    SELECT DISTINCT ON (v.property_id, g.code)
        v.property_id, g.code, g.defects AS wanted, v.control_type, v.inspected_on, v.running_number, v.id, v.access_rank,
        v.defects
    FROM completed AS v
    INNER JOIN defect_group AS g ON g.defects && v.defects
    ORDER BY v.property_id, g.code, v.inspected_on DESC, v.running_number DESC, v.id DESC
),
serving AS (
    SELECT code AS control_type, code AS serves FROM qm.control_type
    UNION ALL
    SELECT control_type, satisfies FROM qm.control_type_satisfies
),
served AS (
    SELECT v.property_id, s.serves, v.inspected_on, v.running_number, v.id, v.access_rank
    FROM completed AS v
    INNER JOIN serving AS s ON s.control_type = v.control_type
),
-- It counts until a later control of that type, or of one that stands for it, came at least as far and did not find it.
-- A later one that found a defect of the group would be the last one itself. Joined and not asked by NOT EXISTS: that
-- looked at all controls for each finding, and 100,000 properties took minutes where this takes seconds.
refuted AS (
    SELECT DISTINCT f.property_id, f.code
    FROM found AS f
    INNER JOIN served AS v ON v.property_id = f.property_id AND v.serves = f.control_type
    WHERE v.access_rank >= f.access_rank
      AND (v.inspected_on, v.running_number, v.id) > (f.inspected_on, f.running_number, f.id)
),
defect AS (
    SELECT
        f.property_id, f.code, f.inspected_on AS since_on,
        ARRAY(SELECT d FROM unnest(f.defects) AS d WHERE d = ANY (f.wanted) ORDER BY d) AS what
    FROM found AS f
    LEFT JOIN refuted AS r ON r.property_id = f.property_id AND r.code = f.code
    WHERE r.code IS NULL
),
due AS (
    SELECT d.property_id, d.control_type, d.due_on, d.last_effective_on
    FROM qm.property_due AS d
    INNER JOIN current AS c ON c.property_id = d.property_id
    WHERE d.municipality = :municipality
),
-- Visits of a type after the last one that was enough for its rule all failed.
failed AS (
    SELECT d.property_id, d.control_type, min(v.inspected_on) AS since_on
    FROM due AS d
    INNER JOIN visit AS v
        ON v.property_id = d.property_id AND v.control_type = d.control_type
        AND (d.last_effective_on IS NULL OR v.inspected_on > d.last_effective_on)
    GROUP BY d.property_id, d.control_type
    HAVING count(*) >= :failed_visits
),
open_measure AS (
    SELECT
        m.property_id, m.key, m.kind, k.family, m.opened_on, m.is_order_enforceable, m.is_coercion_enforceable, m.final_on,
        m.court_status, m.court_since_on
    FROM qm.measure AS m
    INNER JOIN qm.measure_kind AS k ON k.code = m.kind
    INNER JOIN current AS c ON c.property_id = m.property_id
    WHERE m.municipality = :municipality AND m.superseded_at IS NULL AND m.opened_on <= :as_of
      AND (m.closed_on IS NULL OR m.closed_on > :as_of)
),
entered AS (
    SELECT DISTINCT ON (s.property_id, s.state) s.property_id, s.state, s.valid_on
    FROM qm.status_event AS s
    INNER JOIN current AS c ON c.property_id = s.property_id
    WHERE s.municipality = :municipality AND s.superseded_at IS NULL AND s.valid_on <= :as_of
      AND s.state IN ('reopened', 'owner_clarified')
    ORDER BY s.property_id, s.state, s.valid_on DESC
),
version AS (
    SELECT v.property_id, v.ownership_form
    FROM qm.property_version AS v
    INNER JOIN current AS c ON c.property_id = v.property_id
    WHERE v.municipality = :municipality AND v.superseded_at IS NULL
),
told (property_id, code, since_on, what) AS (
    SELECT property_id, 'known', max(inspected_on), '{}'::text[] FROM completed GROUP BY property_id
    UNION ALL
    SELECT property_id, code, since_on, what FROM defect
    UNION ALL
    SELECT property_id, 'access_failed', min(since_on), array_agg(control_type ORDER BY control_type)
    FROM failed GROUP BY property_id
    UNION ALL
    SELECT property_id, 'control_overdue', min(due_on), array_agg(control_type ORDER BY control_type)
    FROM due WHERE due_on < :as_of GROUP BY property_id
    UNION ALL
    SELECT u.property_id, 'supply_cut', min(u.cut_on), array_agg(DISTINCT u.utility ORDER BY u.utility)
    FROM qm.supply_cut AS u
    INNER JOIN current AS c ON c.property_id = u.property_id
    WHERE u.municipality = :municipality AND u.superseded_at IS NULL AND u.cut_on <= :as_of
      AND (u.restored_on IS NULL OR u.restored_on > :as_of)
    GROUP BY u.property_id
    UNION ALL
    SELECT k.property_id, 'house_closed', min(k.closed_on), array_agg(DISTINCT k.cause ORDER BY k.cause)
    FROM qm.closure AS k
    INNER JOIN current AS c ON c.property_id = k.property_id
    WHERE k.municipality = :municipality AND k.superseded_at IS NULL AND k.closed_on <= :as_of
      AND NOT EXISTS (
          SELECT FROM qm.closure_event AS e
          WHERE e.municipality = k.municipality AND e.closure_key = k.key AND e.superseded_at IS NULL
            AND e.kind IN ('reopened', 'demolished') AND e.happened_on <= :as_of
      )
    GROUP BY k.property_id
    UNION ALL
    SELECT property_id, 'reopened', valid_on, '{}' FROM entered WHERE state = 'reopened'
    UNION ALL
    SELECT v.property_id, 'owner_clarified', s.valid_on, CASE WHEN s.valid_on IS NULL THEN ARRAY[v.ownership_form] ELSE '{}' END
    FROM version AS v
    LEFT JOIN entered AS s ON s.property_id = v.property_id AND s.state = 'owner_clarified'
    WHERE s.valid_on IS NOT NULL OR v.ownership_form NOT IN ('ownerless', 'unknown')
    UNION ALL
    SELECT v.property_id, 'ownerless', min(m.opened_on), '{}'
    FROM version AS v
    LEFT JOIN open_measure AS m ON m.property_id = v.property_id AND m.kind = 'ownerless'
    WHERE v.ownership_form = 'ownerless' OR m.kind IS NOT NULL
    GROUP BY v.property_id
    UNION ALL
    SELECT property_id, 'agreement', min(opened_on), array_agg(DISTINCT kind) FROM open_measure
    WHERE kind = 'agreement' GROUP BY property_id
    UNION ALL
    -- A register without proceedings tells of them by the state of the property.
    SELECT
        c.property_id, 'proceeding_open', coalesce(min(m.opened_on), c.state_since_on),
        coalesce(array_agg(DISTINCT m.kind ORDER BY m.kind) FILTER (WHERE m.kind IS NOT NULL), ARRAY[c.state])
    FROM current AS c
    LEFT JOIN open_measure AS m ON m.property_id = c.property_id AND m.family IN ('regulatory', 'closing', 'coercion')
    WHERE m.kind IS NOT NULL OR c.state = 'procedure_regulatory'
    GROUP BY c.property_id, c.state, c.state_since_on
    UNION ALL
    SELECT property_id, 'order_enforceable', min(opened_on), array_agg(DISTINCT kind ORDER BY kind) FROM open_measure
    WHERE is_order_enforceable GROUP BY property_id
    UNION ALL
    SELECT property_id, 'order_final', min(final_on), array_agg(DISTINCT kind ORDER BY kind) FROM open_measure
    WHERE final_on <= :as_of GROUP BY property_id
    UNION ALL
    SELECT property_id, 'coercion_enforceable', min(opened_on), array_agg(DISTINCT kind ORDER BY kind) FROM open_measure
    WHERE is_coercion_enforceable GROUP BY property_id
    UNION ALL
    SELECT property_id, 'pre_emption', min(opened_on), '{}' FROM open_measure WHERE kind = 'pre_emption' GROUP BY property_id
    UNION ALL
    SELECT property_id, 'court_pending', min(court_since_on), array_agg(DISTINCT kind ORDER BY kind) FROM open_measure
    WHERE court_status IN ('action_pending', 'suspended') AND (court_since_on IS NULL OR court_since_on <= :as_of)
    GROUP BY property_id
    UNION ALL
    SELECT g.property_id, 'funding_granted', min(g.granted_on), '{}'
    FROM qm.funding_grant AS g
    INNER JOIN current AS c ON c.property_id = g.property_id
    WHERE g.municipality = :municipality AND g.superseded_at IS NULL AND NOT g.is_withdrawn AND g.granted_on <= :as_of
      AND (g.proof_sent_on IS NULL OR g.proof_sent_on > :as_of)
    GROUP BY g.property_id
)
SELECT property_id, code, since_on, what FROM told ORDER BY property_id
