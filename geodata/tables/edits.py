"""What people enter in the application: edits, notes, photographs, links between properties, watchlists.

An *edit* is to the application what a delivery is to the ETL: one transaction that appends facts, named by each of
them (`edit_id`). Its submission number comes from the form, so that a form that is sent twice over a bad line counts
once.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from geodata import codes
from geodata.tables.columns import (
    code,
    edit_reference,
    identity,
    known_from_to,
    metadata,
    municipality_key,
    property_reference,
)

edit = Table(
    "edit",
    metadata,
    identity(),
    municipality_key(),
    Column("submission", Uuid, nullable=False, comment="random number of the form that was sent"),
    Column("kind", Text, nullable=False, comment="what was done, as the key of its form"),
    Column("account", Text, nullable=False, comment="sign-in name of who did it"),
    Column("account_name", Text, nullable=False, comment="name as shown beside the entry"),
    Column(
        "property_id",
        BigInteger,
        ForeignKey("qm.property.id"),
        comment="the property concerned; NULL = several, or none",
    ),
    Column("reason", Text, comment="why, in words; for case workers only"),
    Column(
        "made_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.now(),
        comment="moment (UTC) of the edit",
    ),
    Column("undone_at", DateTime(timezone=True), comment="moment (UTC) at which it was taken back; NULL = in force"),
    Column("outcome", JSONB, nullable=False, server_default=text("'{}'"), comment="answer that a repeated form gets"),
    UniqueConstraint("municipality", "submission"),
    Index(None, "property_id"),
    Index(None, "municipality", "made_at"),
    comment="One change made by a person in the application",
)

note = Table(
    "note",
    metadata,
    identity(),
    municipality_key(),
    property_reference(),
    Column("key", Uuid, nullable=False, comment="number of the note; a corrected one keeps it"),
    code("note_class", codes.NOTE_CLASSES, comment="who may read it", nullable=False),
    Column("written_on", Date, nullable=False, comment="business date of the note"),
    Column("body", Text, CheckConstraint("length(body) <= 10000", name="body"), nullable=False, comment="the note"),
    edit_reference(is_required=True),
    *known_from_to(from_what="at which the system learnt this", to_what="it was corrected or taken back"),
    Index("note_current_key", "municipality", "key", unique=True, postgresql_where=text("superseded_at IS NULL")),
    Index(None, "property_id"),
    comment="Free text about a property, with a class that says who may read it",
)

photograph = Table(
    "photograph",
    metadata,
    identity(),
    municipality_key(),
    property_reference(),
    Column("taken_on", Date, comment="date of the photograph as stated by who uploaded it"),
    Column("caption", Text, CheckConstraint("length(caption) <= 300", name="caption"), comment="what can be seen"),
    Column(
        "is_checked",
        Boolean,
        CheckConstraint("is_checked", name="is_checked"),
        nullable=False,
        comment="who uploaded it confirmed that no face and no name plate can be recognised",
    ),
    Column("width_px", Integer, nullable=False, comment="width in pixels"),
    Column("height_px", Integer, nullable=False, comment="height in pixels"),
    Column("content", LargeBinary, nullable=False, comment="JPEG, written anew from the pixels: no EXIF data"),
    Column("preview", LargeBinary, nullable=False, comment="small JPEG for lists"),
    code("moment", codes.PHOTOGRAPH_MOMENTS, comment="before, during or after the demolition; NULL = of no project"),
    Column(
        "project_key",
        Text,
        comment="key of the demolition project that it shows; NULL = of the property as such",
    ),
    edit_reference(is_required=True),
    *known_from_to(from_what="of the upload", to_what="it was taken away"),
    CheckConstraint("project_key IS NULL OR moment IS NOT NULL", name="project"),
    Index(None, "property_id"),
    comment="Photographs of a property without the data that cameras hide in them",
)

property_link = Table(
    "property_link",
    metadata,
    identity(),
    municipality_key(),
    code("kind", codes.PROPERTY_LINKS, comment="merged into, or split off from", nullable=False),
    Column(
        "from_property_id",
        BigInteger,
        ForeignKey("qm.property.id"),
        nullable=False,
        comment="merge: the one that is given up; split: the one that was divided",
    ),
    Column(
        "to_property_id",
        BigInteger,
        ForeignKey("qm.property.id"),
        nullable=False,
        comment="merge: the one that goes on; split: the new one",
    ),
    Column("happened_on", Date, nullable=False, comment="date from which it holds"),
    Column("reason", Text, comment="reason in words; for case workers only"),
    edit_reference(is_required=True),
    *known_from_to(from_what="at which the system learnt this", to_what="it was taken back"),
    CheckConstraint("from_property_id <> to_property_id", name="distinct"),
    Index(
        "property_link_merged_key",
        "from_property_id",
        unique=True,
        postgresql_where=text("superseded_at IS NULL AND kind = 'merge'"),
    ),
    Index(None, "to_property_id"),
    comment="Which records of one object became one, and which were divided",
)

watch = Table(
    "watch",
    metadata,
    municipality_key(primary_key=True),
    Column("account", Text, primary_key=True, comment="whose list it is; nobody else sees it"),
    Column("property_id", BigInteger, ForeignKey("qm.property.id"), primary_key=True, comment="the property watched"),
    Column(
        "since_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.now(),
        comment="moment (UTC) at which it was put on the list",
    ),
    Column(
        "seen_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.now(),
        comment="moment (UTC) up to which its changes were seen",
    ),
    Index(None, "property_id"),
    comment="Personal watchlists",
)
