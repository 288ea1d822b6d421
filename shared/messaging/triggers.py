"""Triggers that wake the relay and the job runner as a transaction commits, as the services' revisions leave them."""

CREATE_TRIGGERS = (
    """
    CREATE OR REPLACE FUNCTION wake() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify(TG_ARGV[0], '');
        RETURN NULL;
    END $$
    """,
    # Once per statement; PostgreSQL sends equal notifications of one transaction only once.
    """
    CREATE OR REPLACE TRIGGER wake_relay AFTER INSERT ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION wake('outbox')
    """,
    """
    CREATE OR REPLACE TRIGGER wake_jobs AFTER INSERT ON jobs
    FOR EACH STATEMENT EXECUTE FUNCTION wake('jobs')
    """,
)
