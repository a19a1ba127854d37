-- What somebody waits for in front of a screen leaves before everything else.
alter table messages add column urgent boolean not null default false;
