-- A document that was begun and into which nothing has been typed yet: it waits for nobody and is counted nowhere.
alter table documents add column is_blank boolean not null default false;
