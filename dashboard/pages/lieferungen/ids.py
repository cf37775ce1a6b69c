"""Ids of the page of deliveries."""

LIST = "lieferungen-list"
REJECTIONS = "lieferungen-rejections"
DELIVERY_ID = "lieferungen-delivery-id"
DETAIL = "lieferungen-detail"
WITHDRAW = "lieferungen-withdraw"
UPLOAD_FORM = "lieferungen-upload-form"
TOKEN = "lieferungen-token"  # noqa: S105 - the id of a component
JOB = "lieferungen-job"
POLL = "lieferungen-poll"
LOAD = "lieferungen-load"
