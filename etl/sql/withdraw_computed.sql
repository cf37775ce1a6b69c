-- Takes back what the program itself computed of properties that the withdrawal leaves without any version: it rests on
-- them, and nobody could withdraw it. Parameters: :municipality, :moment.
UPDATE qm.assessment_event AS a SET superseded_at = :moment
FROM {taken} AS t
WHERE a.municipality = :municipality AND a.property_id = t.property_id AND a.superseded_at IS NULL
  AND a.contributions IS NOT NULL
  AND NOT EXISTS (
      SELECT FROM qm.property_version AS v WHERE v.property_id = t.property_id AND v.superseded_at IS NULL
  )
