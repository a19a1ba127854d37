-- Who acts for another has a row for each of them beside their own: an id of the two, and whose row is behind it.
alter table patients add column applicant_id uuid;
