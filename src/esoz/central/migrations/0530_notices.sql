-- What people are told: one notice, asked to be carried by one way after another. Text and addresses are sealed until it
-- is over and then forgotten.
create table notices (
    person_id uuid not null,
    id uuid not null,
    kind text not null,
    resource_id uuid not null,
    urgent boolean not null,
    ways text[] not null,               -- not asked yet, the next one first
    state text not null,
    sealed bytea not null,
    look_at timestamptz,                -- when the worker looks at it again
    inserted_at timestamptz not null,
    ended_at timestamptz,
    primary key (person_id, id)
);
create index notices_resource on notices (person_id, resource_id, inserted_at desc, id desc);
create index notices_due on notices (look_at) where look_at is not null;

-- A way that was asked, and the message of the outbox that it was given; addresses are masked.
create table notice_ways (
    message_id uuid primary key,
    person_id uuid not null,
    notice_id uuid not null,
    place int not null,
    way text not null,
    address text not null,
    outcome text not null,
    outcome_at timestamptz not null,
    pass_at timestamptz
);
create index notice_ways_notice on notice_ways (person_id, notice_id, place);

-- As soon as the fate of a message is known its notice is looked at.
create function notice_has_news() returns trigger language plpgsql as $$
begin
    update notices set look_at = '-infinity' from notice_ways w
    where w.message_id = new.id and notices.person_id = w.person_id and notices.id = w.notice_id
        and notices.state = 'under_way';
    return null;
end
$$;
create trigger messages_news after update of status, delivery on messages for each row
    when (old.status is distinct from new.status or old.delivery is distinct from new.delivery)
    execute function notice_has_news();
