-- A prescription of a series names the one before it, and its place; `announce_on`: when the patient gets its code.
alter table medication_request_requests add column follows uuid, add column series_place smallint;
alter table medication_requests add column follows uuid, add column series_place smallint, add column announce_on date;
