-- What is handed over without an electronic prescription takes from the stock too: in which section its act stands, and
-- by which id, where it is not the act's own.
alter table stock_dispenses add column way text not null default 'prescription', add column about_id uuid;
