from django.db import migrations

# Django's own table for a cache (django.core.cache.backends.db). Unlogged: after a crash the counting begins anew.
TABLE = """
CREATE UNLOGGED TABLE newsroom_counter (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX newsroom_counter_expires ON newsroom_counter (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0006_erasures")]

    operations = [migrations.RunSQL(TABLE, "DROP TABLE newsroom_counter")]
