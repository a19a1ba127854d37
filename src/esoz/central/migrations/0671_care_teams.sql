-- Care teams of clinics, and who belongs to them.
create table care_teams (
    id uuid primary key,
    status text not null,
    category text not null,
    name text,
    period_start date not null,
    period_end date,
    email text,
    phones jsonb not null,
    note text,
    author_employee_id uuid not null references employees,
    status_reason text,
    legal_entity_id uuid not null references legal_entities,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null
);
create index care_teams_legal_entity on care_teams (legal_entity_id, inserted_at, id);

create table care_team_participants (
    id uuid primary key,
    care_team_id uuid not null references care_teams,
    role text not null,
    member_type text not null,
    member_id uuid not null references employees,
    status text not null,
    period_start date not null,
    period_end date,
    status_reason text,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null
);
create index care_team_participants_team on care_team_participants (care_team_id, inserted_at, id);
create index care_team_participants_member on care_team_participants (member_id);
-- Nobody belongs to a team twice at once.
create unique index care_team_participants_once on care_team_participants (care_team_id, member_id)
    where status = 'active';
