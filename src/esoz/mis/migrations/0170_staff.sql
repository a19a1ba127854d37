-- The people of our clinics as central knows them, invitations to work, invitations to set a password here.
create table staff (
    employee_id uuid primary key,
    clinic_id uuid not null references clinics,
    last_name text not null,
    first_name text not null,
    second_name text not null default '',
    role text not null,                     -- the type of the employee
    position text not null,                 -- code of POSITION
    status text not null,
    is_active boolean not null default true,  -- false: an owner whom another one has replaced
    start_date date,
    end_date date,
    division_id uuid,
    division_name text not null default '',
    speciality text not null default ''
);
create index staff_clinic on staff (clinic_id, last_name);

create table staff_follows (
    clinic_id uuid primary key references clinics,
    due_at timestamptz not null,            -- when central is asked the next time
    whole_at timestamptz                    -- when the whole list was read the last time; null: read it now
);

-- One invitation (or change of an employee) that is signed here and answered in central by the one it is about.
create table staff_requests (
    id uuid primary key,
    clinic_id uuid not null references clinics,
    user_id uuid not null references users, -- who signs it
    form jsonb not null,                    -- fields as they were typed
    content bytea,                          -- exactly what is signed
    signed bytea,
    signings int not null default 0,
    state text not null,
    waits_for text not null default '',     -- central: it did not answer; consent: the token is no longer good
    next_at timestamptz,
    employee_id uuid,                       -- whom it changes; for a new one: who came of it
    is_change boolean not null default false,
    last_name text not null,
    first_name text not null,
    second_name text not null default '',
    email text not null,
    role text not null,
    position text not null,
    central_id uuid unique,                 -- the id that central gave
    refusal jsonb,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    sent_at timestamptz,
    joined_at timestamptz                   -- when the person got access here
);
create index staff_requests_clinic on staff_requests (clinic_id, updated_at desc);
create index staff_requests_due on staff_requests (next_at) where state = 'queued';
create index staff_requests_open on staff_requests (clinic_id) where state in ('sent', 'approved');

create table staff_invitations (
    digest bytea primary key,               -- of the token in the link; the token is nowhere kept
    user_id uuid not null references users,
    sent_at timestamptz not null,
    used_at timestamptz
);
create index staff_invitations_user on staff_invitations (user_id, sent_at desc);

-- Where people worked: a workplace is deleted at once when its work ends, so that nothing can be opened by it.
create table former_workplaces (
    id uuid primary key,
    user_id uuid not null references users,
    clinic_id uuid not null references clinics,
    role text not null,
    employee_id uuid not null,
    ended_at timestamptz not null,
    reason text not null
);
create index former_workplaces_employee on former_workplaces (employee_id);
create index workplaces_employee on workplaces (employee_id);
alter table workplaces add since timestamptz;  -- null: before this was written down
-- When the present password was set if nobody knows it: of users who were invited and have not chosen one yet.
alter table users add placeholder_at timestamptz;
