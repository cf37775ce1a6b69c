"""Closed lists of codes: what a column may hold, in the order in which a reader expects it.

The same tuples feed the CHECK constraints of the database, the value codes of the ETL and the menus of the dashboard,
so that no list can drift. Codes are English text (`contracts.md`: text with a CHECK, never an enum, because enum
operators are not leakproof under row policies); their German and English labels are in `dashboard/locale`.
"""

from typing import Final

USE_TYPES: Final = ("residential", "mixed_use", "commercial", "vacant_plot", "other")

STATES: Final = (
    "hint",
    "suspicion",
    "recorded",
    "assessed",
    "owner_clarified",
    "procedure_cooperative",
    "procedure_regulatory",
    "procedure_acquisition",
    "securing",
    "renovation",
    "demolition",
    "reuse",
    "observation",
    "closed",
    "not_confirmed",
    "reopened",
)
# States that tell of a proceeding; who may not see proceedings sees the state before.
PROCEEDING_STATES: Final = ("procedure_cooperative", "procedure_regulatory", "procedure_acquisition")
# A property that was closed or not confirmed is no longer monitored until it is reopened.
CLOSING_STATES: Final = ("closed", "not_confirmed")

ACCESS_LEVELS: Final = ("none", "outside", "common_areas", "flat")  # rising: a later level includes the earlier ones

CONTROL_TYPES: Final = (
    "joint_control",
    "housing_control",
    "building_control",
    "special_building",
    "fire_safety",
    "benefits_abuse_action",
    "follow_up",
    "outside_view",
)

INSPECTION_RESULTS: Final = ("no_finding", "finding", "not_completed")

DEFECTS: Final = (
    "waste",
    "pests",
    "damp_mould",
    "heating",
    "electricity",
    "gas_or_water",
    "sewage",
    "housing_other",
    "fall_hazard",
    "facade",
    "building_other",
    "fire_load",
    "second_escape_route",
    "smoke_detectors",
    "fire_safety_other",
    "use_without_permission",
    "letter_boxes_bells",
)

OFFICES: Final = (
    "public_order",
    "housing_supervision",
    "building_control",
    "environment",
    "fire_brigade",
    "police",
    "job_centre",
    "customs",
    "utility",
    "immigration_office",
    "trade_supervision",
    "waste_services",
    "social_services",
)

OWNERSHIP_FORMS: Final = ("person", "company", "public", "ownerless", "unknown")
# How sure it is that an entry of a register of owners means this property.
LINK_CONFIDENCES: Final = ("certain", "likely", "uncertain")

ASSESSMENT_COLOURS: Final = ("green", "yellow", "red")
# The two inputs of the assessment, and the closed list of what contributes to each: facts about the building and the
# proceedings, never counts of persons or households. `rule.py` says from which facts each follows.
ASSESSMENT_AXES: Final = ("pressure", "room_to_act")
PRESSURE_CONTRIBUTIONS: Final = (
    "fire_safety",
    "fall_hazard",
    "supply_defect",
    "housing_defect",
    "waste_pests",
    "building_defect",
    "irregular_use",
    "access_failed",
    "control_overdue",
    "supply_cut",
    "house_closed",
    "reopened",
)
ROOM_CONTRIBUTIONS: Final = (
    "owner_clarified",
    "ownerless",
    "agreement",
    "proceeding_open",
    "order_enforceable",
    "order_final",
    "coercion_enforceable",
    "pre_emption",
    "funding_granted",
    "court_pending",
)
ASSESSMENT_CONTRIBUTIONS: Final = PRESSURE_CONTRIBUTIONS + ROOM_CONTRIBUTIONS
ASSESSMENT_THRESHOLDS: Final = (
    "pressure_1",
    "pressure_2",
    "pressure_3",
    "room_to_act_1",
    "room_to_act_2",
    "room_to_act_3",
    "judgement_days",
    "known_days",
)
# Reports that something in the assessment is wrong: what, how they were decided, and why.
REPORT_PROBLEMS: Final = ("fact_missing", "fact_outdated", "fact_wrong", "other_object", "level_wrong", "other")
REPORT_STATES: Final = ("open", "accepted", "declined")
ACCEPTED_REASONS: Final = ("fact_corrected", "values_changed", "judged_anew")
DECLINED_REASONS: Final = ("facts_right", "not_in_list", "told_before")
REPORT_REASONS: Final = ACCEPTED_REASONS + DECLINED_REASONS

PLACED_BY: Final = ("coordinates", "address", "implied")

AREA_KINDS: Final = (
    "stadtbezirk",
    "wahlbezirk",
    "stimmbezirk",
    "stadtteil",
    "wohnbezirk",
    "quartier",
    "fokusraum",
    "custom",
)

CONTEXT_KINDS: Final = ("building", "street", "block", "water", "railway", "green")

# The stages of a demolition project in the order in which they usually come; which ones a project needs is its plan's.
DEMOLITION_STAGES: Final = (
    "decision",
    "acquisition",
    "vacating",
    "species_protection",
    "heritage_and_explosives",
    "pollutant_survey",
    "demolition_notice",
    "tender_and_award",
    "disconnection",
    "gutting",
    "demolition",
    "gable_wall",
    "proof_of_disposal",
    "backfill",
    "acceptance",
    "reuse",
)
# A plan and what really happened are two facts: they come from different offices, and each has a history of its own.
DEMOLITION_ASPECTS: Final = ("plan", "actual")
DEMOLITION_OUTCOMES: Final = ("renovated", "given_up")
# What holds a stage up; a closed list about things and proceedings, so that it can be shown beyond the case workers.
DEMOLITION_BLOCKERS: Final = (
    "court_stop",
    "replacement_housing",
    "acquisition_open",
    "species_protection",
    "heritage",
    "pollutants",
    "utilities",
    "tender_without_bids",
    "funding_open",
    "gable_wall",
    "weather",
    "other",
)

# Closed houses: why, what became of the house and of its households, and where these are now. Households are counts.
CLOSURE_CAUSES: Final = ("uninhabitable", "clearance", "fire", "use_ban", "fall_hazard", "other")
CLOSURE_EVENTS: Final = (
    "renovation_began",
    "reopened",
    "demolished",
    "households_rehoused",
    "households_returned",
    "households_moved_elsewhere",
)
CLOSURE_OUTCOMES: Final = ("still_closed", "renovating", "reopened", "demolished")
HOUSEHOLD_PLACES: Final = ("rehoused", "returned", "moved_elsewhere", "not_known")
DWELLING_CHANGES: Final = ("demolition", "merging", "conversion", "new_building", "renovation", "other")
# Who provides a replacement dwelling: a kind, never a person.
DWELLING_PROVIDERS: Final = ("city", "housing_company", "cooperative", "private", "emergency_shelter", "other")
# What is defined as large in the figures of housing (`qm.housing_definition`).
HOUSING_DEFINITIONS: Final = ("large_dwelling", "large_household")

# What a funder said of a proof of use, how far the goal of a grant was reached, and what the money was spent on.
PROOF_RESULTS: Final = ("accepted", "partly", "refused")
GOAL_RATINGS: Final = ("not_yet", "reached", "partly", "missed")
COST_CATEGORIES: Final = (
    "acquisition",
    "securing",
    "vacating",
    "survey",
    "planning",
    "demolition",
    "disposal",
    "renovation",
    "public_space",
    "staff",
    "other",
)
# How a grant stands, what can become of its money, and how the use of one payment stands; all three are derived.
GRANT_STATES: Final = ("expected", "running", "proof_due", "proof_sent", "proven")
FUNDING_RISKS: Final = ("call_window", "interest", "proof_due", "binding")
PAYMENT_STATES: Final = ("used", "in_time", "costs_interest", "checked")

# Whom a publication is for: everybody, or a non-public body such as a committee.
AUDIENCES: Final = ("public", "council")
# What a figure tells about whom; it decides whether small numbers are held back before they are published.
FIGURE_CLASSES: Final = ("public_fact", "condition", "persons")

# What a resolution of the council asks of a figure, how it stands, and whether a publication shows its value.
TARGET_DIRECTIONS: Final = ("at_least", "at_most")
TARGET_STATES: Final = ("reached", "open", "missed", "unknown")
TARGET_SHOWN: Final = ("shown", "held_back", "not_published", "no_value")

ROLES: Final = ("staff", "manager", "external_manager", "politics", "admin")

# Who may read a note: case workers only, or also the manager of the area.
NOTE_CLASSES: Final = ("case", "area")
# What a photograph of a demolition project shows: the building, the work, or what came of the plot.
PHOTOGRAPH_MOMENTS: Final = ("before", "during", "after")
# Two records of one object become one, or one record of two objects becomes two.
PROPERTY_LINKS: Final = ("merge", "split")
# From what kind of source a hint came; never a person, so that nobody who tells the city something is in the data.
HINT_SOURCES: Final = ("resident", "office", "police_fire", "utility", "own_observation", "press", "other")

# Why a planned round does not take place, and why nobody went to one of its objects: facts about the day, no free text.
CALL_OFF_REASONS: Final = ("office_missing", "urgent_matter", "weather", "not_needed", "other")
SKIP_REASONS: Final = ("no_time", "not_safe", "not_found", "office_missing", "already_closed", "other")

# What the log tells of. No pages viewed: only what leaves a trace, opens the door, or takes data out.
AUDIT_ACTIONS: Final = (
    "sign_in",
    "sign_in_failed",
    "sign_out",
    "read_restricted",
    "edit",
    "export",
    "publication",
    "account",
    "delivery",
    "erasure",
    "retention",
    "backup",
    "restore",
)

# How long what is kept: units of a period, and the date or moment from which it is counted.
PERIOD_UNITS: Final = ("days", "months", "years")
COUNTED_FROM: Final = (
    "closed_on",
    "state_since_on",
    "inspected_on",
    "held_on",
    "written_on",
    "recorded_at",
    "superseded_at",
    "made_at",
    "ended_at",
    "ended_on",
    "logged_at",
    "nothing",
)
# What an erasure takes away, and why a key may be delivered again after all.
ERASURE_KINDS: Final = ("property", "note", "photograph", "owner", "fact", "retention")
LIFT_REASONS: Final = ("mistake", "new_case")

# Proceedings. The kinds with their legal basis and their usual order are data (`measure_kind`); families group them.
MEASURE_FAMILIES: Final = (
    "cooperative",
    "regulatory",
    "coercion",
    "cost",
    "fine",
    "closing",
    "acquisition",
    "other",
)
MEASURE_KINDS: Final = (
    "talks",
    "agreement",
    "amicable_end",
    "building_order",
    "works_stopped",
    "sealing",
    "use_ban",
    "removal_order",
    "housing_order",
    "overcrowding_order",
    "modernisation_order",
    "demolition_order",
    "coercive_fine",
    "substitute_performance",
    "direct_force",
    "cost_notice",
    "fine",
    "uninhabitable",
    "clearance",
    "purchase",
    "pre_emption",
    "forced_sale",
    "ownerless",
    "court_administration",
)
MEASURE_STEPS: Final = (
    "invitation",
    "talk",
    "prior_talk",
    "agreement_signed",
    "hearing",
    "statement",
    "order",
    "threat",
    "fixing",
    "carrying_out",
    "notice",
    "payment",
    "recovery",
    "replacement_offered",
    "vacated",
    "offer",
    "contract_notice",
    "averting_asked",
    "averting_agreed",
    "council_decision",
    "exercised",
    "waived",
    "contract",
    "application",
    "court_order",
    "auction",
    "award",
    "appropriation",
    "transfer",
    "court_action",
    "court_decision",
    "final",
    "fulfilled",
    "lifted",
    "ended",
)
MEASURE_OUTCOMES: Final = (
    "fulfilled",
    "amicable",
    "carried_out",
    "withdrawn",
    "annulled",
    "replaced",
    "acquired",
    "waived",
    "averted",
    "other",
)
COURT_STATUSES: Final = ("none", "action_pending", "suspended", "upheld", "annulled", "settled")
# From which day a deadline counts, and what sets it: the letter, the law, or what both sides agreed.
CLOCK_STARTS: Final = ("served_on", "happened_on")
DEADLINE_BASES: Final = ("in_letter", "by_law", "agreed")
# Why a proceeding began: defects as inspections find them, and what is no defect of the building.
MEASURE_CAUSES: Final = (*DEFECTS, "overcrowding", "vacancy", "disrepair", "supply_cut", "unsecured")
# What was weighed before a house is closed. Immediate danger is no milder means: it is the reason to weigh none.
MILDER_MEANS: Final = (
    "talks",
    "agreement",
    "order_to_repair",
    "coercive_fine",
    "substitute_performance",
    "securing",
    "partial_use_ban",
    "supply_restored",
    "court_administration",
    "immediate_danger",
)
UTILITIES: Final = ("electricity", "gas", "water", "district_heating", "other")
CUT_REASONS: Final = ("debts_of_landlord", "unsafe", "other")
