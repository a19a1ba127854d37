-- A scan that is waited for: its link leads to our own door, and what came through it stands here.
create table uploads (
    folder text not null,
    request_id uuid not null,
    type text not null,
    patient_id uuid,
    expires_at timestamptz not null,
    inserted_at timestamptz not null,
    times int not null default 0,
    -- What came last: the name of the object, its length in bytes, when.
    object text,
    length int,
    uploaded_at timestamptz,
    -- Since then nothing is taken any more: the request was approved with what had come.
    closed_at timestamptz,
    primary key (folder, request_id, type)
);
create index uploads_ended on uploads (expires_at) where object is null;
