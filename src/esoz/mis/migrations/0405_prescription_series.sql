-- A series for a long illness: the first prescription of it, and the place of this one.
alter table prescriptions add column series_id uuid, add column series_place smallint not null default 1;
