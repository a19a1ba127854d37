-- Messages that leave the house: SMS, mail.
create table messages (
    id uuid primary key,
    channel text not null,
    recipient text not null,
    subject text not null default '',
    body text not null,
    status text not null,
    attempts int not null default 0,
    next_at timestamptz not null,
    inserted_at timestamptz not null,
    sent_at timestamptz
);
create index messages_waiting on messages (next_at) where status = 'waiting';
