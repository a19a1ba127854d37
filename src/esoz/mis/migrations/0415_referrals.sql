-- Referrals of a clinic: written here, and taken here from other clinics. What central says of them is asked there.
create table referrals (
    clinic_id uuid not null references clinics,
    id uuid not null,
    way text not null,              -- sent, taken
    user_id uuid not null references users,
    patient_id uuid not null,
    patient_name text not null,     -- as central told it; of a taken one the surname and initials
    service_id uuid not null,
    service text not null,
    requisition text not null,      -- empty until central has given it
    status text not null,           -- what central said last
    act text not null,              -- what was asked of central last and is not settled: use, release, complete
    job_id text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (clinic_id, way, id)
);
create index referrals_listed on referrals (clinic_id, way, created_at desc, id);
create index referrals_of_user on referrals (user_id, service_id) where way = 'sent';
