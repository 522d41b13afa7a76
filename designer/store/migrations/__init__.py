"""Alembic migrations of `designer.db`, from revision 1 on."""
