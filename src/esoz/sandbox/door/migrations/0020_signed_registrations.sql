-- A registration as it was signed, sealed: it is sent again with the code, and nobody signs twice.
alter table registrations add column signed bytea;
