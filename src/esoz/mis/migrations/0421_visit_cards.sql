-- What central told of the patient when a visit was opened; asked again after minutes, gone with the visit.
create table visit_cards (
    document_id uuid primary key references documents on delete cascade,
    content jsonb not null,       -- parts by name: rows, total, why it is not there
    read_at timestamptz not null
);
create index visit_cards_by_age on visit_cards (read_at);
