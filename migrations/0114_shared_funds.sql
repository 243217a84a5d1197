-- What went to receivers of shares on a day, less what came back of them: told apart from everything else that moved.
alter table fund_day add column shared_fen bigint not null default 0;
