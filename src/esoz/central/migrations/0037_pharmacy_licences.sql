-- The register of drug control (Держлікслужба): places where a pharmacy may sell medicines (DV-6).
create table licensed_places (
    dls_id text primary key,
    edrpou text not null,
    license_number text not null,
    name text not null default '',
    settlement_id uuid not null,
    street text not null default '',
    building text not null default '',
    active_from_date date not null,
    expiry_date date,
    is_active boolean not null default true,
    updated_at timestamptz not null
);
create index licensed_places_edrpou on licensed_places (edrpou);

-- How two spellings of a street or a number of a building are compared.
create function spelling(words text) returns text language sql immutable strict parallel safe return
    translate(lower(words), ' .,«»"''’`', '');

create index divisions_pharmacies on divisions (legal_entity_id) where type in ('DRUGSTORE', 'DRUGSTORE_POINT');
