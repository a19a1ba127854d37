-- Equipment of clinics.
create table equipment (
    id uuid primary key,
    legal_entity_id uuid not null references legal_entities,
    division_id uuid references divisions,
    parent_id uuid references equipment,
    recorder uuid not null references employees,
    type text not null,
    names jsonb not null,
    inventory_number text,
    serial_number text,
    lot_number text,
    model_number text,
    manufacturer text,
    manufacture_date date,
    expiration_date date,
    properties jsonb not null default '[]',
    note text,
    status text not null,
    error_reason text,
    availability_status text not null,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null
);
create index equipment_legal_entity on equipment (legal_entity_id, inserted_at, id);
create index equipment_division on equipment (division_id);
create index equipment_type on equipment (type, status);
create index equipment_inventory on equipment (inventory_number);
create index equipment_serial on equipment (serial_number);
create index equipment_recorder on equipment (recorder);
create index equipment_parent on equipment (parent_id);
