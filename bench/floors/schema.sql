-- The tables of the floors, in a database of their own beside the house's.
CREATE TABLE rows (id int PRIMARY KEY, body bytea NOT NULL);
INSERT INTO rows SELECT n, convert_to(
    '{"id":"' || gen_random_uuid() || '","name":"Product ' || n || '","variants":[{"sku":"BENCH-' || n
    || '","unit_price":{"amount":"12.50","currency":"EUR"},"available":100000}],"filling":"' || repeat('x', 240)
    || '","version":1}', 'UTF8') FROM generate_series(1, 1000) AS n;

CREATE TABLE ticks (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL);

CREATE TABLE inbox (key bytea PRIMARY KEY, digest bytea NOT NULL, reply bytea);
CREATE TABLE prices (variant int PRIMARY KEY, amount numeric(18, 4) NOT NULL, currency char(3) NOT NULL);
CREATE TABLE stocks (
    variant int PRIMARY KEY, on_hand numeric(14, 3) NOT NULL, reserved numeric(14, 3) NOT NULL DEFAULT 0,
    CHECK (reserved BETWEEN 0 AND on_hand)
);
INSERT INTO prices SELECT n, 12.50, 'EUR' FROM generate_series(1, 1000) AS n;
INSERT INTO stocks SELECT n, 1000000000 FROM generate_series(1, 1000) AS n;
CREATE TABLE orders (
    id uuid PRIMARY KEY, number bigint GENERATED ALWAYS AS IDENTITY, customer_id uuid NOT NULL,
    total numeric(18, 4) NOT NULL, created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE lines (
    order_id uuid REFERENCES orders, position int, variant int NOT NULL, quantity numeric(14, 3) NOT NULL,
    net numeric(18, 4) NOT NULL, PRIMARY KEY (order_id, position)
);
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id uuid NOT NULL, body bytea NOT NULL,
    told boolean NOT NULL, sent boolean NOT NULL DEFAULT false
);
CREATE INDEX unsent ON outbox (id) WHERE told AND NOT sent;
CREATE TABLE booked (order_id uuid PRIMARY KEY, amount numeric(18, 4) NOT NULL);
VACUUM ANALYZE;
