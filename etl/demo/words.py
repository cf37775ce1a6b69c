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
