"""Skill templates: YAML files that say how a kind of sub-goal, or a reflex, is carried out with structured actions.

A template holds data only: placeholders are looked up in a fixed table (:func:`parameters`), conditions come from a closed
vocabulary (:class:`Condition`), and every step must become a valid structured action. ``docs/skills.md`` describes the format.
"""

from __future__ import annotations

from gitm.skills.library import Library, expand
from gitm.skills.parameters import DAY, NIGHTFALL, PARAMETERS, parameters
from gitm.skills.reading import load
from gitm.skills.schema import Condition, Reflex, Skill, Step, When

__all__ = ["DAY", "NIGHTFALL", "PARAMETERS", "Condition", "Library", "Reflex", "Skill", "Step", "When", "expand", "load", "parameters"]
