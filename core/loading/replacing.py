"""The mode that replaces a collection as a whole: built beside, then put in place in one step."""

from typing import Any

import bson

from core.errors import StoreError
from core.loading.adding import Add, Outcome, Prepared
from core.loading.sealing import after_a_check, guard_keys
from core.loading.setting import Setting
from core.store import sides
from core.store.uniqueness import UniqueKey, ensure_unique

BUILDING, COPIED, SWITCHED = "building", "copied", "switched"


class Replace:
    """Readers see the old collection or the new one, never half of one; `stage` in the ledger says
    how far the switch came, so that a load that died there goes on.

    What others write into the old collection after its copy was made is not in the new one.
    """

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._name = setting.target.name
        self._new = sides.side(setting.load, "new")
        self._old = sides.side(setting.load, "old")
        self._told = dict(setting.entry.stage)
        self._stage = self._told.get("step", "")
        self._add: Add | None = None
        self._later: tuple[UniqueKey, ...] = ()  # nobody else writes beside: they can wait

    def prepare(self) -> None:
        target = self._setting.target
        there = sides.stands(target, self._new, self._told.get("identity"))
        if self._stage == COPIED and not there:
            self._stage = SWITCHED  # it died between the rename and the word of it
            sides.drop(target, self._new)
            self._validate()
        if self._stage == SWITCHED:
            self._add = Add(self._setting)
            return
        if self._stage and not there:
            raise StoreError(
                f"The half-built copy of {self._name} has been dropped.",
                "Undo this load and load the file again.",
            )
        beside = self._setting.beside(self._new)
        if "collation" not in (sides.options(target, self._name) or {}):
            self._later = after_a_check(beside)
        sides.create_like(target, self._new, self._name, [key.index for key in self._later])
        guard_keys(beside, self._later)
        self._add = Add(beside)
        self._note(BUILDING)

    def put(self, prepared: Prepared) -> Outcome:
        assert self._add is not None
        return self._add.put(prepared)

    def lost(self, prepared: Prepared, outcome: Outcome) -> bool:
        assert self._add is not None
        return self._add.lost(prepared, outcome)

    def foresee(self, prepared: Prepared) -> Outcome:
        return Outcome(inserted=len(prepared.documents))

    def seal(self) -> None:
        ensure_unique(self._setting.target.beside(self._new), self._later, late=True)

    def finish(self) -> None:
        target = self._setting.target
        if self._stage == BUILDING:
            existed = sides.options(target, self._name) is not None
            if existed:
                sides.copy_aside(target, self._name, self._old)
            kept = bson.encode(sides.options(target, self._new) or {})
            identity = sides.identity(target, self._new)
            self._note(COPIED, existed=existed, options=kept, identity=identity)
        if self._stage == COPIED:
            sides.put_in_place(target, self._new, self._name, self._told.get("identity"))
            self._validate()
            self._note(SWITCHED)

    def _validate(self) -> None:
        """A rename loses the validator on some servers."""
        kept = self._told.get("options", b"")
        sides.validate_like(self._setting.target, self._name, bson.decode(kept) if kept else {})

    def _note(self, step: str, **more: Any) -> None:
        if self._stage == step:
            return
        ledger, load = self._setting.store.ledger, self._setting.load
        told = {"step": step, **more}
        self._setting.target.patient(lambda: ledger.note_stage(load, told))
        self._stage = step
        self._told |= told
