-- When a scan is deleted: soon when its request came to nothing, later when an act rests on it. With it go those that
-- came before it, whose objects are named here.
alter table uploads
    add column forget_at timestamptz,
    add column replaced text[] not null default '{}';

-- What is kept of a signed request about a person when its details are forgotten: where the signed document is.
create table signed_requests (
    folder text not null,
    id uuid not null,
    person_id uuid not null,
    legal_entity_id uuid,                   -- none of a person's own request
    signed_document text not null,
    signed_at timestamptz not null,
    signed_by uuid,
    primary key (folder, id)
);
create index signed_requests_person on signed_requests (person_id);
