"""How the invented offices write codes in their files: German words, which the mappings translate back."""

from typing import Final

USE_TYPES: Final = {
    "residential": "Wohnen",
    "mixed_use": "Wohnen und Gewerbe",
    "commercial": "Gewerbe",
    "vacant_plot": "unbebaut",
    "other": "Sonstiges",
}
STATES: Final = {
    "hint": "Hinweis",
    "suspicion": "Verdacht",
    "recorded": "erfasst",
    "assessed": "bewertet",
    "owner_clarified": "Eigentum geklärt",
    "procedure_cooperative": "kooperatives Verfahren",
    "procedure_regulatory": "ordnungsrechtliches Verfahren",
    "procedure_acquisition": "Erwerb",
    "securing": "Sicherung",
    "renovation": "Sanierung",
    "demolition": "Rückbau",
    "reuse": "Nachnutzung",
    "observation": "Beobachtung",
    "closed": "abgeschlossen",
    "not_confirmed": "nicht bestätigt",
    "reopened": "wieder aufgenommen",
}
CONTROL_TYPES: Final = {
    "joint_control": "Gemeinsame Kontrolle",
    "housing_control": "Wohnungsaufsicht",
    "building_control": "Bauaufsicht",
    "special_building": "Sonderbauprüfung",
    "fire_safety": "Brandverhütungsschau",
    "benefits_abuse_action": "MISSIMO",
    "follow_up": "Nachkontrolle",
    "outside_view": "Außenbesichtigung",
}
ACCESS: Final = {"none": "kein Zutritt", "outside": "außen", "common_areas": "Gemeinschaftsflächen", "flat": "Wohnung"}
RESULTS: Final = {"no_finding": "ohne Mangel", "finding": "Mangel", "not_completed": "nicht durchgeführt"}
DEFECTS: Final = {
    "waste": "Müll",
    "pests": "Schädlinge",
    "damp_mould": "Feuchte",
    "heating": "Heizung",
    "electricity": "Strom",
    "gas_or_water": "Gas oder Wasser",
    "sewage": "Abwasser",
    "housing_other": "Wohnen sonstiges",
    "fall_hazard": "Absturzgefahr",
    "facade": "Fassade",
    "building_other": "Bau sonstiges",
    "fire_load": "Brandlast",
    "second_escape_route": "zweiter Rettungsweg",
    "smoke_detectors": "Rauchwarnmelder",
    "fire_safety_other": "Brandschutz sonstiges",
    "use_without_permission": "Nutzung ohne Genehmigung",
    "letter_boxes_bells": "Briefkästen und Klingeln",
}
OFFICES: Final = {
    "public_order": "Ordnungsamt",
    "housing_supervision": "Wohnungsaufsicht",
    "building_control": "Bauaufsicht",
    "environment": "Umweltamt",
    "fire_brigade": "Feuerwehr",
    "police": "Polizei",
    "job_centre": "Jobcenter",
    "customs": "Zoll",
    "utility": "Versorger",
    "immigration_office": "Ausländerbehörde",
    "trade_supervision": "Gewerbeaufsicht",
    "waste_services": "Entsorgungsbetrieb",
    "social_services": "Sozialdienst",
}
OWNERSHIP: Final = {
    "person": "Privatperson",
    "company": "Gesellschaft",
    "public": "öffentliche Hand",
    "ownerless": "herrenlos",
    "unknown": "unbekannt",
}
CONFIDENCES: Final = {"certain": "gesichert", "likely": "wahrscheinlich", "uncertain": "unsicher"}
YES_NO: Final = {True: "ja", False: "nein", None: ""}
DEMOLITION_STAGES: Final = {
    "decision": "Beschluss",
    "acquisition": "Erwerb oder Duldung",
    "vacating": "Freizug",
    "species_protection": "Artenschutz",
    "heritage_and_explosives": "Denkmal und Kampfmittel",
    "pollutant_survey": "Schadstoffgutachten",
    "demolition_notice": "Rückbauanzeige",
    "tender_and_award": "Vergabe",
    "disconnection": "Leitungstrennung",
    "gutting": "Entkernung",
    "demolition": "Abbruch",
    "gable_wall": "Nachbargiebel",
    "proof_of_disposal": "Entsorgungsnachweis",
    "backfill": "Verfüllung",
    "acceptance": "Abnahme",
    "reuse": "Nachnutzung",
}
DEMOLITION_BLOCKERS: Final = {
    "court_stop": "Gericht",
    "replacement_housing": "Ersatzwohnraum fehlt",
    "acquisition_open": "Erwerb offen",
    "species_protection": "Artenschutz",
    "heritage": "Denkmalschutz",
    "pollutants": "Schadstoffe",
    "utilities": "Leitungen",
    "tender_without_bids": "ohne Angebote",
    "funding_open": "Finanzierung offen",
    "gable_wall": "Nachbargiebel",
    "weather": "Witterung",
    "other": "Sonstiges",
}
DEMOLITION_OUTCOMES: Final = {
    "renovated": "stattdessen saniert",
    "given_up": "aufgegeben",
}
AUDIENCES: Final = {
    "public": "öffentlich",
    "council": "Rat",
}
TARGET_FIGURES: Final = {
    "projects_demolished": "Rückgebaut",
    "objects_overdue": "Objekte mit überfälliger Kontrolle",
    "controls_on_time": "Fristgerecht",
}
TARGET_DIRECTIONS: Final = {"at_least": "mindestens", "at_most": "höchstens"}
CLOSURE_CAUSES: Final = {
    "uninhabitable": "unbewohnbar",
    "clearance": "Räumung",
    "fire": "Brand",
    "use_ban": "Nutzungsuntersagung",
    "fall_hazard": "Einsturzgefahr",
    "other": "Sonstiges",
}
CLOSURE_EVENTS: Final = {
    "renovation_began": "Sanierung begonnen",
    "reopened": "wieder bewohnbar",
    "demolished": "abgerissen",
    "households_rehoused": "Haushalte in Ersatzwohnraum",
    "households_returned": "Haushalte zurückgekehrt",
    "households_moved_elsewhere": "Haushalte anderswohin",
}
HOUSEHOLD_PLACES: Final = {
    "rehoused": "Ersatzwohnraum",
    "returned": "zurückgekehrt",
    "moved_elsewhere": "anderswo",
    "not_known": "unbekannt",
}
DWELLING_CHANGES: Final = {
    "demolition": "Rückbau",
    "merging": "Zusammenlegung",
    "conversion": "Umnutzung",
    "new_building": "Neubau",
    "renovation": "Sanierung",
    "other": "Sonstiges",
}
DWELLING_PROVIDERS: Final = {
    "city": "Stadt",
    "housing_company": "Wohnungsgesellschaft",
    "cooperative": "Genossenschaft",
    "private": "privat",
    "emergency_shelter": "Notunterkunft",
    "other": "Sonstige",
}
MEASURE_KINDS: Final = {
    "talks": "Gespräche",
    "agreement": "Vereinbarung",
    "amicable_end": "Einvernehmliches Ende",
    "building_order": "Bauordnungsverfügung",
    "works_stopped": "Baustopp",
    "sealing": "Versiegelung",
    "use_ban": "Nutzungsuntersagung",
    "removal_order": "Beseitigungsverfügung",
    "housing_order": "Wohnungsaufsichtliche Verfügung",
    "overcrowding_order": "Überbelegung",
    "modernisation_order": "Modernisierungsgebot",
    "demolition_order": "Rückbaugebot",
    "coercive_fine": "Zwangsgeld",
    "substitute_performance": "Ersatzvornahme",
    "direct_force": "Unmittelbarer Zwang",
    "cost_notice": "Kostenbescheid",
    "fine": "Bußgeld",
    "uninhabitable": "Unbewohnbarkeit",
    "clearance": "Räumung",
    "purchase": "Ankauf",
    "pre_emption": "Vorkaufsrecht",
    "forced_sale": "Zwangsversteigerung",
    "ownerless": "Herrenlos",
    "court_administration": "Zwangsverwaltung",
}
# What a house costs is no amount that was ordered.
ACQUISITION_KINDS: Final = frozenset({"purchase", "pre_emption", "forced_sale", "ownerless"})
MEASURE_STEPS: Final = {
    "invitation": "Einladung",
    "talk": "Gespräch",
    "prior_talk": "Erörterung",
    "agreement_signed": "Vereinbarung unterschrieben",
    "hearing": "Anhörung",
    "statement": "Stellungnahme",
    "order": "Verfügung",
    "threat": "Androhung",
    "fixing": "Festsetzung",
    "carrying_out": "Durchführung",
    "notice": "Bescheid",
    "payment": "Zahlung",
    "recovery": "Beitreibung",
    "replacement_offered": "Ersatzwohnraum angeboten",
    "vacated": "Auszug",
    "offer": "Kaufangebot",
    "contract_notice": "Kaufvertrag mitgeteilt",
    "averting_asked": "Abwendung beantragt",
    "averting_agreed": "Abwendung vereinbart",
    "council_decision": "Ratsbeschluss",
    "exercised": "Vorkauf ausgeübt",
    "waived": "Negativzeugnis",
    "contract": "Kaufvertrag",
    "application": "Antrag",
    "court_order": "Gerichtsbeschluss",
    "auction": "Termin bestimmt",
    "award": "Zuschlag",
    "appropriation": "Aneignung",
    "transfer": "Eigentumsübergang",
    "court_action": "Klage",
    "court_decision": "Gerichtsentscheidung",
    "final": "bestandskräftig",
    "fulfilled": "erfüllt",
    "lifted": "aufgehoben",
    "ended": "beendet",
}
MEASURE_OUTCOMES: Final = {
    "fulfilled": "erfüllt",
    "amicable": "einvernehmlich",
    "carried_out": "durchgeführt",
    "withdrawn": "zurückgenommen",
    "annulled": "vom Gericht aufgehoben",
    "replaced": "ersetzt",
    "acquired": "erworben",
    "waived": "verzichtet",
    "averted": "abgewendet",
    "other": "Sonstiges",
}
COURT_STATUSES: Final = {
    "none": "keine Klage",
    "action_pending": "Klage anhängig",
    "suspended": "Vollzug ausgesetzt",
    "upheld": "bestätigt",
    "annulled": "aufgehoben",
    "settled": "verglichen",
}
MEASURE_CAUSES: Final = {
    **DEFECTS,
    "overcrowding": "Überbelegung",
    "vacancy": "Leerstand",
    "disrepair": "Verfall",
    "supply_cut": "Versorgungssperre",
    "unsecured": "ungesichert",
}
MILDER_MEANS: Final = {
    "talks": "Gespräche",
    "agreement": "Vereinbarung",
    "order_to_repair": "Reparaturanordnung",
    "coercive_fine": "Zwangsgeld",
    "substitute_performance": "Ersatzvornahme",
    "securing": "Sicherung",
    "partial_use_ban": "Teilsperrung",
    "supply_restored": "Versorgung wiederhergestellt",
    "court_administration": "Zwangsverwaltung",
    "immediate_danger": "Gefahr im Verzug",
}
UTILITIES: Final = {
    "electricity": "Strom",
    "gas": "Gas",
    "water": "Wasser",
    "district_heating": "Fernwärme",
    "other": "Sonstiges",
}
CUT_REASONS: Final = {"debts_of_landlord": "Rückstände", "unsafe": "Anlage unsicher", "other": "Sonstiges"}
PROOF_RESULTS: Final = {"accepted": "anerkannt", "partly": "teilweise anerkannt", "refused": "nicht anerkannt"}
GOAL_RATINGS: Final = {
    "not_yet": "noch offen",
    "reached": "erreicht",
    "partly": "teilweise erreicht",
    "missed": "nicht erreicht",
}
COST_CATEGORIES: Final = {
    "acquisition": "Grunderwerb",
    "securing": "Sicherung",
    "vacating": "Freizug",
    "survey": "Gutachten",
    "planning": "Planung und Beratung",
    "demolition": "Abbruch",
    "disposal": "Entsorgung",
    "renovation": "Modernisierung",
    "public_space": "Freiflächen",
    "staff": "Personal",
    "other": "Sonstiges",
}
