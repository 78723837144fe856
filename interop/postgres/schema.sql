-- Who may come in, and what a router has to know of their secrets. None of it is a secret as it was
-- given: a ticket is a digest, the key of WAMP-CRA is derived, the record of WAMP-SCRAM proves nothing.
CREATE TABLE principals (
  authid        text PRIMARY KEY CHECK (length(authid) BETWEEN 1 AND 256),
  role          text NOT NULL,
  ticket_sha256 bytea CHECK (length(ticket_sha256) = 32), -- of a ticket that is long and random
  cra_key       text, -- what `tandem keygen wampcra` prints, with its salt, iterations and length
  cra_salt      text,
  cra_iterations integer,
  cra_keylen    integer,
  scram_record  text, -- what `tandem keygen scram` prints
  CHECK (cra_key IS NULL
    OR (cra_salt IS NOT NULL AND cra_iterations IS NOT NULL AND cra_keylen IS NOT NULL))
);

-- What asks may read this table, and nothing else.
CREATE ROLE tandem LOGIN;
GRANT SELECT ON principals TO tandem;
