"""Continuity: impact analyses, backups, plans and their approved versions, runs with their steps, risks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_OVER = "EXISTS (SELECT 1 FROM record WHERE id = OLD.exercise_id AND state IN ('verified', 'closed', 'cancelled'))"
_APPROVED = "an approved version of a plan is a record: it is not changed or deleted; approve another version"
_RUN = "the steps of a run that is over are a record: they are not changed; run the plan again"
GUARDS = (
    ("plan_version", "UPDATE", "TRUE", _APPROVED),
    ("plan_version", "DELETE", "TRUE", _APPROVED),
    ("exercise_step", "UPDATE", _OVER, _RUN),
    ("exercise_step", "DELETE", "TRUE", _RUN),
)
"""Table, act, when it is refused, and the sentence."""


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _document() -> sa.types.TypeEngine[object]:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """Apply this revision."""
    op.create_table('backup_schedule',
    sa.Column('id', _key(), autoincrement=False, nullable=False),
    sa.Column('interval_seconds', sa.BigInteger(), nullable=True),
    sa.Column('duration_seconds', sa.BigInteger(), nullable=True),
    sa.Column('lag_seconds', sa.BigInteger(), nullable=True),
    sa.Column('place', sa.String(length=160), nullable=True),
    sa.Column('restored_at', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_backup_schedule_id_record')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_backup_schedule'))
    )
    op.create_table('continuity_plan',
    sa.Column('id', _key(), autoincrement=False, nullable=False),
    sa.Column('strategy', sa.String(length=20), nullable=True),
    sa.Column('plan_version', sa.Integer(), nullable=False),
    sa.Column('deputy_id', _key(), nullable=True),
    sa.Column('trigger', sa.Text(), nullable=True),
    sa.Column('site', sa.String(length=160), nullable=True),
    sa.Column('call_tree', sa.Text(), nullable=True),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('evidence_days', sa.Integer(), nullable=False),
    sa.Column('review_at', sa.BigInteger(), nullable=True),
    sa.Column('approved_by', sa.String(length=80), nullable=True),
    sa.Column('approved_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['deputy_id'], ['record.id'], name=op.f('fk_continuity_plan_deputy_id_record')),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_continuity_plan_id_record')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_continuity_plan'))
    )
    op.create_table('exercise',
    sa.Column('id', _key(), autoincrement=False, nullable=False),
    sa.Column('plan_id', _key(), nullable=False),
    sa.Column('type', sa.String(length=12), nullable=False),
    sa.Column('scenario', sa.Text(), nullable=True),
    sa.Column('plan_version', sa.Integer(), nullable=True),
    sa.Column('of_draft', sa.Boolean(), nullable=True),
    sa.Column('planned_at', sa.BigInteger(), nullable=True),
    sa.Column('disrupted_at', sa.BigInteger(), nullable=True),
    sa.Column('invoked_at', sa.BigInteger(), nullable=True),
    sa.Column('verified_at', sa.BigInteger(), nullable=True),
    sa.Column('newest_data_at', sa.BigInteger(), nullable=True),
    sa.Column('restored_by_id', _key(), nullable=True),
    sa.Column('verified_by_id', _key(), nullable=True),
    sa.Column('incident_id', _key(), nullable=True),
    sa.Column('rto_seconds', sa.BigInteger(), nullable=True),
    sa.Column('rpo_seconds', sa.BigInteger(), nullable=True),
    sa.Column('objectives', _document(), nullable=True),
    sa.Column('rto_actual_seconds', sa.BigInteger(), nullable=True),
    sa.Column('from_invocation_seconds', sa.BigInteger(), nullable=True),
    sa.Column('rpo_actual_seconds', sa.BigInteger(), nullable=True),
    sa.Column('result', sa.String(length=10), nullable=True),
    sa.Column('progress', sa.String(length=160), nullable=True),
    sa.Column('review', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_exercise_id_record')),
    sa.ForeignKeyConstraint(['incident_id'], ['record.id'], name=op.f('fk_exercise_incident_id_record')),
    sa.ForeignKeyConstraint(['plan_id'], ['record.id'], name=op.f('fk_exercise_plan_id_record')),
    sa.ForeignKeyConstraint(['restored_by_id'], ['record.id'], name=op.f('fk_exercise_restored_by_id_record')),
    sa.ForeignKeyConstraint(['verified_by_id'], ['record.id'], name=op.f('fk_exercise_verified_by_id_record')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exercise'))
    )
    op.create_index('ix_exercise_plan', 'exercise', ['plan_id', 'disrupted_at'], unique=False)
    op.create_table('exercise_step',
    sa.Column('id', _key(), nullable=False),
    sa.Column('exercise_id', _key(), nullable=False),
    sa.Column('step_id', _key(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('planned_seconds', sa.BigInteger(), nullable=True),
    sa.Column('after', _document(), nullable=False),
    sa.Column('role', sa.String(length=120), nullable=True),
    sa.Column('instructions', sa.Text(), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('who', sa.String(length=80), nullable=True),
    sa.Column('hands', _document(), nullable=True),
    sa.Column('started_at', sa.BigInteger(), nullable=True),
    sa.Column('started_by', sa.String(length=80), nullable=True),
    sa.Column('finished_at', sa.BigInteger(), nullable=True),
    sa.Column('finished_by', sa.String(length=80), nullable=True),
    sa.Column('override', sa.String(length=255), nullable=True),
    sa.Column('note', sa.String(length=400), nullable=True),
    sa.ForeignKeyConstraint(['exercise_id'], ['record.id'], name=op.f('fk_exercise_step_exercise_id_record')),
    sa.ForeignKeyConstraint(['step_id'], ['record.id'], name=op.f('fk_exercise_step_step_id_record')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exercise_step')),
    sa.UniqueConstraint('exercise_id', 'position', name=op.f('uq_exercise_step_exercise_id_position'))
    )
    op.create_table('impact_analysis',
    sa.Column('id', _key(), autoincrement=False, nullable=False),
    sa.Column('impacts', _document(), nullable=True),
    sa.Column('unacceptable', sa.SmallInteger(), nullable=False),
    sa.Column('mtpd_seconds', sa.BigInteger(), nullable=True),
    sa.Column('rto_seconds', sa.BigInteger(), nullable=True),
    sa.Column('rpo_seconds', sa.BigInteger(), nullable=True),
    sa.Column('wrt_seconds', sa.BigInteger(), nullable=True),
    sa.Column('owner_id', _key(), nullable=True),
    sa.Column('minimum', sa.Text(), nullable=True),
    sa.Column('peak', sa.String(length=255), nullable=True),
    sa.Column('review_at', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_impact_analysis_id_record')),
    sa.ForeignKeyConstraint(['owner_id'], ['record.id'], name=op.f('fk_impact_analysis_owner_id_record')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_impact_analysis'))
    )
    op.create_table('plan_version',
    sa.Column('id', _key(), nullable=False),
    sa.Column('plan_id', _key(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('approved_by', sa.String(length=80), nullable=False),
    sa.Column('approved_at', sa.BigInteger(), nullable=False),
    sa.Column('steps', _document(), nullable=False),
    sa.Column('call_tree', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['plan_id'], ['record.id'], name=op.f('fk_plan_version_plan_id_record')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_version')),
    sa.UniqueConstraint('plan_id', 'version', name=op.f('uq_plan_version_plan_id_version'))
    )
    op.create_table('recovery_step',
    sa.Column('id', _key(), autoincrement=False, nullable=False),
    sa.Column('plan_id', _key(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('after', _document(), nullable=True),
    sa.Column('role', sa.String(length=120), nullable=True),
    sa.Column('instructions', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_recovery_step_id_record')),
    sa.ForeignKeyConstraint(['plan_id'], ['record.id'], name=op.f('fk_recovery_step_plan_id_record')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_step'))
    )
    op.create_index('ix_recovery_step_plan', 'recovery_step', ['plan_id', 'position'], unique=False)
    op.create_table('risk',
    sa.Column('id', _key(), autoincrement=False, nullable=False),
    sa.Column('likelihood', sa.SmallInteger(), nullable=False),
    sa.Column('impact', sa.SmallInteger(), nullable=False),
    sa.Column('score', sa.SmallInteger(), nullable=True),
    sa.Column('level', sa.String(length=10), nullable=True),
    sa.Column('threat', sa.Text(), nullable=True),
    sa.Column('treatment', sa.String(length=12), nullable=True),
    sa.Column('measures', sa.Text(), nullable=True),
    sa.Column('review_at', sa.BigInteger(), nullable=True),
    sa.Column('plan_id', _key(), nullable=True),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_risk_id_record')),
    sa.ForeignKeyConstraint(['plan_id'], ['record.id'], name=op.f('fk_risk_plan_id_record')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_risk'))
    )
    op.create_index('ix_risk_plan', 'risk', ['plan_id'], unique=False)
    for table, act, guard, sentence in GUARDS:
        _guard(f"{table}_{act.lower()}_guard", table, act, guard, sentence)


def _guard(name: str, table: str, act: str, guard: str, sentence: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {guard} BEGIN SELECT RAISE(ABORT, '{sentence}'); END")
        return
    row = "OLD" if act == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {guard} THEN RAISE EXCEPTION '{sentence}'; END IF; RETURN {row}; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    """Take this revision back."""
    for table, act, _, _ in GUARDS:
        name = f"{table}_{act.lower()}_guard"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}")
    op.drop_index('ix_risk_plan', table_name='risk')
    op.drop_table('risk')
    op.drop_index('ix_recovery_step_plan', table_name='recovery_step')
    op.drop_table('recovery_step')
    op.drop_table('plan_version')
    op.drop_table('impact_analysis')
    op.drop_table('exercise_step')
    op.drop_index('ix_exercise_plan', table_name='exercise')
    op.drop_table('exercise')
    op.drop_table('continuity_plan')
    op.drop_table('backup_schedule')
