-- Approvals asked for by a referral name it: the referral says what is opened.
alter table approvals add column reason uuid;
