-- Contracts of pharmacies with the НСЗУ about what it pays for, as the operator's file tells them: who, for which
-- programmes, in which divisions, from when until when. Asked at each dispense of a programme that has contracts.
create table reimbursement_contracts (
    id uuid primary key,
    contract_number text not null,
    contractor_legal_entity_id uuid not null,
    contractor_divisions uuid[] not null,
    medical_programs uuid[] not null,
    start_date date not null,
    end_date date not null,
    status text not null,
    is_suspended boolean not null default false,
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    check (start_date <= end_date)
);
create index reimbursement_contracts_of_contractor on reimbursement_contracts (contractor_legal_entity_id);
