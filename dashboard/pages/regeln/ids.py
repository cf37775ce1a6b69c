"""Ids of the page of rules."""

from typing import Final

JOB: Final = "regeln-job"
JOB_ID: Final = "regeln-job-id"
JOB_STATE: Final = "regeln-job-state"
POLL: Final = "regeln-poll"
COURSE: Final = "regeln-course"
PREVIEW: Final = "regeln-preview"
JOB_SEEN: Final = "regeln-job-seen"
