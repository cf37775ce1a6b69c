-- Photographs of demolition projects, and the day on which a stage that was held up went on; see
-- geodata/photographs.py and geodata/progress.py.

-- The rights of the table hold for its new columns, too: staff and managers read and append, nobody changes them.
ALTER TABLE qm.photograph ADD COLUMN moment TEXT CONSTRAINT photograph_moment_check CHECK (moment IN ('before', 'during', 'after'));
ALTER TABLE qm.photograph ADD COLUMN project_key TEXT;
COMMENT ON COLUMN qm.photograph.moment IS 'before, during or after the demolition; NULL = of no project';
COMMENT ON COLUMN qm.photograph.project_key IS 'key of the demolition project that it shows; NULL = of the property as such';
ALTER TABLE qm.photograph ADD CONSTRAINT photograph_project_check CHECK (project_key IS NULL OR moment IS NOT NULL);

-- What held a stage up stays known after it went on: "why late" is asked of the past.
ALTER TABLE qm.demolition_stage ADD COLUMN blocked_until_on DATE;
COMMENT ON COLUMN qm.demolition_stage.blocked_until_on IS 'actual: day on which it went on; NULL = it is still held up';
ALTER TABLE qm.demolition_stage ADD CONSTRAINT demolition_stage_blocked_check CHECK (blocked_until_on >= blocked_since_on);
