-- A refresh token is superseded, never overwritten: what it is stays. Under which key it is sealed changes when the
-- master key does (tongshang keys reseal), and that alone is the system's to write.

grant update (token_sealed) on refresh_token to tongshang_system;
