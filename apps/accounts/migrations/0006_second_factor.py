import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.platform.clock
import apps.platform.ids

# A code that was used once must never work again, whatever the application believes: used steps and used codes do not come back.
ONCE = """
    CREATE FUNCTION accounts_second_factor_once() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '%: a used code does not become unused', TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END $$;
    CREATE TRIGGER accounts_secondfactor_steps_rise BEFORE UPDATE OF last_step ON accounts_secondfactor FOR EACH ROW
        WHEN (NEW.last_step < OLD.last_step) EXECUTE FUNCTION accounts_second_factor_once();
    CREATE TRIGGER accounts_recoverycode_used_once BEFORE UPDATE OF used_at ON accounts_recoverycode FOR EACH ROW
        WHEN (OLD.used_at IS NOT NULL AND NEW.used_at IS DISTINCT FROM OLD.used_at)
        EXECUTE FUNCTION accounts_second_factor_once();
"""
BACK = """
    DROP TRIGGER accounts_secondfactor_steps_rise ON accounts_secondfactor;
    DROP TRIGGER accounts_recoverycode_used_once ON accounts_recoverycode;
    DROP FUNCTION accounts_second_factor_once();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_session_salt")]

    operations = [
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("sealed", models.CharField(max_length=200)),
                ("last_step", models.BigIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("blocked_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=apps.platform.clock.now)),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(sealed__startswith="gAAAA"), name="accounts_secondfactor_sealed"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                (
                    "id",
                    models.UUIDField(default=apps.platform.ids.new_id, primary_key=True, serialize=False),
                ),
                ("digest", models.BinaryField(unique=True)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.RunSQL(ONCE, BACK),
    ]
