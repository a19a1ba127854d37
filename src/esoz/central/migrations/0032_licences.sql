-- Additional licenses: the number of the order is told of primary ones only.
alter table licenses alter column order_no drop not null;
alter table licenses add column inserted_by uuid;
alter table licenses add column updated_by uuid;
create index licenses_number on licenses (license_number);
create index licenses_inserted on licenses (legal_entity_id, inserted_at, id);
