-- What a question's code was exchanged for, until the answer is out: a code is good once, and sending may fail.
alter table release_answer add column token_sealed bytea;
